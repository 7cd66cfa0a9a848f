"use strict";

/**
 * What the codemod does, as one would write it for jscodeshift in an afternoon: a call becomes an emit, its chain or
 * its await the ack's. Event names are made from the URL; nothing is checked against routes, scopes or other files.
 */
module.exports = function transform(file, api) {
  if (!file.source.includes("fetch")) return undefined;
  const j = api.jscodeshift;
  const root = j(file.source);
  const calls = root.find(j.CallExpression, { callee: { type: "Identifier", name: "fetch" } });
  let count = 0;
  calls.forEach((path) => {
    const args = emitted(j, path.node);
    if (!args) return;
    count += 1;
    const isAwaited = path.parent.node.type === "AwaitExpression";
    const name = isAwaited ? "emitWithAck" : "emit";
    const chain = isAwaited ? null : chained(path);
    if (chain) j(chain.path).replaceWith(member(j, name, [...args, ...chain.handlers]));
    else j(path).replaceWith(member(j, name, args));
  });
  if (count === 0) return undefined;
  root.find(j.CallExpression, { callee: { property: { name: "json" } }, arguments: [] }).forEach((path) => {
    j(path).replaceWith(j.memberExpression(path.node.callee.object, j.identifier("data")));
  });
  const statement = j.importDeclaration([j.importSpecifier(j.identifier("socket"))], j.stringLiteral("./socket"));
  root.get().node.program.body.unshift(statement);
  return root.toSource();
};

function member(j, name, args) {
  return j.callExpression(j.memberExpression(j.identifier("socket"), j.identifier(name)), args);
}

/** The event's name, the parameters in the URL and the body. */
function emitted(j, call) {
  const [url, options] = call.arguments;
  const isTemplate = url && url.type === "TemplateLiteral";
  if (!isTemplate && (!url || url.type !== "StringLiteral")) return null;
  const text = isTemplate ? url.quasis.map((quasi) => quasi.value.cooked).join("") : url.value;
  const method = option(options, "method");
  const verb = method && method.type === "StringLiteral" ? method.value.toLowerCase() : "get";
  const args = [j.stringLiteral(`${verb}${text.replace(/\W+/g, "_")}`)];
  if (isTemplate) args.push(j.arrayExpression(url.expressions));
  const body = option(options, "body");
  if (body) args.push(body.type === "CallExpression" ? body.arguments[0] : body);
  return args;
}

function option(options, name) {
  if (!options || options.type !== "ObjectExpression") return null;
  const found = options.properties.find((one) => one.key && one.key.name === name);
  return found ? found.value : null;
}

/** The outermost `.then(...)` of a call, and the handlers on the way. */
function chained(path) {
  const handlers = [];
  let outer = path;
  for (;;) {
    const access = outer.parent;
    const call = access && access.parent;
    const isThen = call && call.node.type === "CallExpression" && access.node.property && access.node.property.name === "then";
    if (!isThen || call.node.callee !== access.node) break;
    handlers.push(...call.node.arguments);
    outer = call;
  }
  return handlers.length > 0 ? { path: outer, handlers } : null;
}
