"""Why a call site is left alone: the codes of the report, each with what it means and what to do about it."""

from __future__ import annotations

ABORT_SIGNAL = "abort_signal"
ALREADY_NATIVE = "already_native"
ASYNC_METHOD = "async_method"
BODY_NOT_JSON = "body_not_json"
BODY_ON_GET = "body_on_get"
BRIDGE_OUT_OF_REACH = "bridge_out_of_reach"
CATCH_BEFORE_THEN = "catch_before_then"
CLASSIC_SCRIPT = "classic_script"
CLASS_PRIVATE = "class_private"
CLASS_SCOPE_NAME = "class_scope_name"
CLASS_SETTINGS = "class_settings"
CLASS_USED = "class_used"
DECORATOR_READS_SELF = "decorator_reads_self"
DECORATOR_UNKNOWN = "decorator_unknown"
CLIENT_OPTION = "client_option"
CLIENT_REFERENCE = "client_reference"
DYNAMIC_METHOD = "dynamic_method"
DYNAMIC_REGISTRATION = "dynamic_registration"
EMPTY_ANSWER = "empty_answer"
FETCH_OPTION = "fetch_option"
FETCH_REFERENCE = "fetch_reference"
HANDLER_NOT_INLINE = "handler_not_inline"
HEADER_NOT_ALLOWED = "header_not_allowed"
IN_TEMPLATE = "in_template"
IN_TEST = "in_test"
INHERITED_ELSEWHERE = "inherited_elsewhere"
INTERNAL_ERROR = "internal_error"
JSON_CAUGHT = "json_caught"
JSON_PROMISE_ESCAPES = "json_promise_escapes"
JSON_READ_TWICE = "json_read_twice"
JSON_REPLACER = "json_replacer"
NAME_SHADOWED = "name_shadowed"
NAMED_HANDLER = "named_handler"
NESTED_CHAIN = "nested_chain"
NESTED_CLASS = "nested_class"
NO_JSON_CONTENT_TYPE = "no_json_content_type"
NO_ROUTE = "no_route"
NOT_A_METHOD = "not_a_method"
NOT_NATIVE = "not_native"
NOT_WRITTEN = "not_written"
OPTIONS_NOT_CONSTANT = "options_not_constant"
OTHER_CLIENT = "other_client"
OTHER_ORIGIN = "other_origin"
OUTPUT_UNPARSABLE = "output_unparsable"
PARAMETERS_DIFFER = "parameters_differ"
PARTIAL_SEGMENT = "partial_segment"
PAYLOAD_MUTATED = "payload_mutated"
PROMISE_ALL = "promise_all"
QUERY_UNRESOLVED = "query_unresolved"
READS_BLOB = "reads_blob"
READS_FORM = "reads_form"
READS_ERROR = "reads_error"
READS_HEADERS = "reads_headers"
READS_REDIRECT = "reads_redirect"
READS_STATUS_TEXT = "reads_status_text"
READS_TEXT = "reads_text"
REFUSED = "refused"
RELATIVE_URL = "relative_url"
RESPONSE_ESCAPES = "response_escapes"
RESPONSE_REASSIGNED = "response_reassigned"
REWRITE_CONFLICT = "rewrite_conflict"
RULE_NOT_SELECTED = "rule_not_selected"
RUN_OPTIONS = "run_options"
SELF_USED = "self_used"
SETUP_UNCLEAR = "setup_unclear"
SESSION_IN_USE = "session_in_use"
SYNTAX_ERROR = "syntax_error"
TYPED_RESPONSE = "typed_response"
UNBOUND_THIS = "unbound_this"
UNKNOWN_BASE = "unknown_base"
URL_DIFFERS = "url_differs"
URL_FOR = "url_for"
URL_IS_PARAMETER = "url_is_parameter"
URL_UNRESOLVED = "url_unresolved"
WITHOUT_ROUTE = "without_route"
WRONG_METHOD = "wrong_method"

SERVER = frozenset(
    {
        ALREADY_NATIVE,
        ASYNC_METHOD,
        BRIDGE_OUT_OF_REACH,
        CLASS_PRIVATE,
        CLASS_SCOPE_NAME,
        DECORATOR_READS_SELF,
        DECORATOR_UNKNOWN,
        INHERITED_ELSEWHERE,
        NESTED_CLASS,
        NOT_A_METHOD,
        PARAMETERS_DIFFER,
        READS_FORM,
        SELF_USED,
        WITHOUT_ROUTE,
    }
)
"""The codes that only `fetch2socket server` gives."""

WHOLE_APP = frozenset(
    {
        CLASS_SETTINGS,
        CLASS_USED,
        DYNAMIC_REGISTRATION,
        NAME_SHADOWED,
        NOT_NATIVE,
        RUN_OPTIONS,
        SETUP_UNCLEAR,
        URL_FOR,
    }
)
"""The codes that only `fetch2socket server --init` and `--remove` give."""

MEANINGS = {
    ABORT_SIGNAL: "The call can be aborted by a signal.",
    ALREADY_NATIVE: "The route has a native handler already.",
    ASYNC_METHOD: "An async method, which neither Flask-RESTful nor a native handler awaits.",
    BODY_NOT_JSON: "The body is not JSON.stringify(...), or is sent as something else than JSON.",
    BODY_ON_GET: "A GET or HEAD with a body, which fetch itself refuses.",
    BRIDGE_OUT_OF_REACH: "The file cannot import the project's bridge.",
    CATCH_BEFORE_THEN: ".catch() or .finally() stands before the first .then().",
    CLASS_PRIVATE: "The method uses super(), __class__ or a name of two underscores, which mean the class around it.",
    CLASS_SCOPE_NAME: "A decorator, default or annotation uses a name of the class body.",
    CLASS_SETTINGS: "A Resource with settings of its own that a handler alone would not have.",
    CLASS_USED: "A Resource that other code uses.",
    CLASSIC_SCRIPT: "The file is a plain script, not a module, so it cannot import the client module.",
    CLIENT_OPTION: "An option of the Python client that means nothing over a socket.",
    CLIENT_REFERENCE: "A function of requests or httpx is passed on or replaced, not called.",
    DECORATOR_READS_SELF: "A decorator of the method looks at its first argument, which is self no longer.",
    DECORATOR_UNKNOWN: "A decorator of the method is not known, and its definition cannot be read.",
    DYNAMIC_METHOD: "The method is known at run time only.",
    DYNAMIC_REGISTRATION: "A Resource is registered in a way that cannot be taken away for certain.",
    EMPTY_ANSWER: "The route answers 204, and the code reads JSON from that, which always fails.",
    FETCH_OPTION: "An option that means nothing over a socket.",
    FETCH_REFERENCE: "fetch is passed on, replaced or bound, not called.",
    HANDLER_NOT_INLINE: "A callback that is made by an expression, or has defaults or a second parameter.",
    HEADER_NOT_ALLOWED: "A header that an event may not carry.",
    IN_TEMPLATE: "A template of a Vue component calls fetch.",
    IN_TEST: "The call, or a mock of fetch, is in a test; it is not counted as the app's.",
    INHERITED_ELSEWHERE: "The method is inherited from a class of another file.",
    INTERNAL_ERROR: "fetch2socket failed on this file.",
    JSON_CAUGHT: "json().catch(...): what happens when the answer is not JSON is decided there.",
    JSON_PROMISE_ESCAPES: "The promise of json() is passed on.",
    JSON_READ_TWICE: "json() is called twice on one path; the second call always fails.",
    JSON_REPLACER: "JSON.stringify has a replacer.",
    NAME_SHADOWED: "A module of the project hides a package that the bridge needs.",
    NAMED_HANDLER: "The Response goes to a function that is not written in place, and that others may use too.",
    NESTED_CHAIN: "A chain on json() that cannot be flattened without changing what runs when.",
    NESTED_CLASS: "The class is defined in a function or under a condition.",
    NO_JSON_CONTENT_TYPE: "A JSON body without Content-Type: application/json, so the server sees text.",
    NO_ROUTE: "No route of the server matches.",
    NOT_A_METHOD: "It is no plain method: assigned, static, or a generator.",
    NOT_NATIVE: "The method has no native handler for each of its routes.",
    NOT_WRITTEN: "The file could not be written.",
    OPTIONS_NOT_CONSTANT: "The options or headers are not all known.",
    OTHER_CLIENT: "The call is made with axios, XMLHttpRequest, jQuery, EventSource or the like, not with fetch.",
    OTHER_ORIGIN: "The call goes to another server.",
    OUTPUT_UNPARSABLE: "The rewritten file would not parse; nothing in it was changed.",
    PARAMETERS_DIFFER: "The method's parameters are not those that its routes give.",
    PARTIAL_SEGMENT: "A value fills part of a path segment, and no rule has that shape.",
    PAYLOAD_MUTATED: "The payload is changed after the call.",
    PROMISE_ALL: "A Promise.all whose calls cannot all be rewritten.",
    QUERY_UNRESOLVED: "A query string that is not made of key=value pairs.",
    READS_BLOB: "The answer is read as bytes.",
    READS_ERROR: "A handler reads the response or request of the error that it caught.",
    READS_FORM: "The method reads a form, files or the raw body, and an event carries JSON.",
    READS_HEADERS: "Headers or other parts of the Response are read that an ack has not.",
    READS_REDIRECT: "A redirect itself is looked at; an event follows redirects.",
    READS_STATUS_TEXT: "statusText is read.",
    READS_TEXT: "The answer is read as text.",
    REFUSED: "Somebody said no to it, with --interactive.",
    RELATIVE_URL: "A URL relative to the page, which reaches no one route.",
    RESPONSE_ESCAPES: "The Response is returned, stored or passed on.",
    RESPONSE_REASSIGNED: "The variable may hold another Response too.",
    REWRITE_CONFLICT: "Two parts of the rewrite overlap.",
    RULE_NOT_SELECTED: "The rule was not asked for.",
    RUN_OPTIONS: "app.run(...) has options that socketio.run() does not take.",
    SELF_USED: "The method uses self in a way that an instance of the handler's own may not serve.",
    SESSION_IN_USE: "The session is used otherwise too, or another of its calls cannot be rewritten.",
    SETUP_UNCLEAR: "Where the set-up of the bridge belongs is not certain.",
    SYNTAX_ERROR: "The code around the call has a syntax error.",
    TYPED_RESPONSE: "A declared Response type.",
    UNBOUND_THIS: "A callback with a this of its own.",
    UNKNOWN_BASE: "The URL starts with a constant whose value is not known.",
    URL_DIFFERS: "The URL reaches different routes at run time.",
    URL_FOR: "Links are made to the endpoint.",
    URL_IS_PARAMETER: "The URL is a parameter of the function around the call.",
    URL_UNRESOLVED: "The URL cannot be resolved.",
    WITHOUT_ROUTE: "No route reaches this class or method, as far as the source tells.",
    WRONG_METHOD: "The route exists, but answers other methods.",
}
"""Every reason code and its meaning."""

ADVICE = {
    ABORT_SIGNAL: "Where an answer that comes too late does no harm, drop the signal; else keep this call over HTTP.",
    ALREADY_NATIVE: "Nothing to do; `fetch2socket server --remove` takes the Resource's method away.",
    ASYNC_METHOD: "Write a plain method.",
    BODY_NOT_JSON: "Send JSON.stringify(...) with Content-Type: application/json; keep uploads and forms over HTTP.",
    BODY_ON_GET: "Put the values into the query string, or use the method that the route takes a body with.",
    BRIDGE_OUT_OF_REACH: "Make the bridge in a module that imports no Resources, as --init does.",
    CATCH_BEFORE_THEN: "Move .catch() or .finally() behind the .then() that reads the answer.",
    CLASS_PRIVATE: "Name the base class, or drop one underscore; or leave the method as it is.",
    CLASS_SCOPE_NAME: "Move what it names out of the class, to the module.",
    CLASS_SETTINGS: "Leave the class, whose handlers work as they are; or move what it sets to the handlers by hand.",
    CLASS_USED: "Change what uses the class by hand, or leave it: it does no harm.",
    CLASSIC_SCRIPT: 'Load it with <script type="module"> and an import map for socket.io-client, then run again.',
    CLIENT_OPTION: "Take the option out if nothing depends on it; else keep this call over HTTP.",
    CLIENT_REFERENCE: "Call it where it is needed rather than handing it on; change mocks of it by hand.",
    DECORATOR_READS_SELF: "Let its wrapper hand (*args, **kwargs) on; or put it into method_decorators, which stay.",
    DECORATOR_UNKNOWN: "Put it into the class's method_decorators, which go on holding for the handler.",
    DYNAMIC_METHOD: "Write the method as text; where it depends on a value, write one call for each method.",
    DYNAMIC_REGISTRATION: "Take the registration and the class away by hand.",
    EMPTY_ANSWER: "Drop json() and what should have followed it, or let the route answer with a body.",
    FETCH_OPTION: "Take the option out if nothing depends on it; else keep this call over HTTP.",
    FETCH_REFERENCE: "Call fetch where it is needed rather than handing it on; change mocks of it by hand.",
    HANDLER_NOT_INLINE: "Write the callback in place, as an arrow function with one plain parameter.",
    HEADER_NOT_ALLOWED: "Send the value in the body or the query string, or drop a header that nobody reads.",
    IN_TEMPLATE: "Move the call into a function of the script, and call that.",
    IN_TEST: "Mock the client module where the test mocks fetch (docs/adopting.md); other requests may stay.",
    INHERITED_ELSEWHERE: "Write the method into the class, or the handler by hand.",
    INTERNAL_ERROR: "Please report it, with the file if you can; the file was left as it is.",
    JSON_CAUGHT: "Ask for r.ok or r.status before r.json(), in place of the .catch() on json().",
    JSON_PROMISE_ESCAPES: "Await json(), or read its value in a .then() on the spot.",
    JSON_READ_TWICE: "Read json() once into a variable and use that.",
    JSON_REPLACER: "Make the object that is to be sent first, and stringify it without a replacer.",
    NAME_SHADOWED: "Rename the module and its imports, then run again.",
    NAMED_HANDLER: "Write the callback in place, or let the function take the data rather than the Response.",
    NESTED_CHAIN: "Return json() and read its value in the next .then(), or use await.",
    NESTED_CLASS: "Move the class to the module's own level.",
    NO_JSON_CONTENT_TYPE: "Add the header if the server should read JSON (today it sees text); else leave the call.",
    NO_ROUTE: "Compare the URL with the list of `fetch2socket events`: it may be misspelt, or the map old.",
    NOT_A_METHOD: "Write it as def with self, in the class body.",
    NOT_NATIVE: "Run `fetch2socket server` first; it says why a method cannot become a handler.",
    NOT_WRITTEN: "Put right what the message names, then run again.",
    OPTIONS_NOT_CONSTANT: "Write the options as an object in the call, without a spread.",
    OTHER_CLIENT: "Rewrite it to fetch first (then it is rewritten), or to the event that is named; streams stay.",
    OTHER_ORIGIN: "Nothing to do; if the host is the app's own, name it with --host.",
    OUTPUT_UNPARSABLE: "Please report it, with the file if you can; the file was left as it is.",
    PARAMETERS_DIFFER: "Mend the rule or the parameters: as it is, such a call fails over HTTP too; *args should go.",
    PARTIAL_SEGMENT: "Make the value a whole segment of the path, as the route has it.",
    PAYLOAD_MUTATED: "Send a copy ({ ...values }), or change the values before the call.",
    PROMISE_ALL: "Mend the call that is named; then all of them are rewritten together.",
    QUERY_UNRESOLVED: "Write the query string as ?key=${value}&..., one pair for each key.",
    READS_BLOB: "Keep downloads and other bytes over HTTP.",
    READS_ERROR: "Ask for ok or status of the answer in place of catching the error.",
    READS_FORM: "Keep uploads and forms over HTTP, or let the method read JSON.",
    READS_HEADERS: "Let the server send in the body what is read from the headers; else keep this call over HTTP.",
    READS_REDIRECT: "Keep this call over HTTP.",
    READS_STATUS_TEXT: "Use status, or a message from the body: HTTP/2 sends no statusText either.",
    READS_TEXT: "Let the server answer in JSON and read json(); else keep this call over HTTP.",
    REFUSED: "Run again, and answer y.",
    RELATIVE_URL: "Start the URL with a slash, so that it means the same on every page.",
    RESPONSE_ESCAPES: "Read ok, status and json() where the call is, and hand on the data rather than the Response.",
    RESPONSE_REASSIGNED: "Give each Response a variable of its own.",
    REWRITE_CONFLICT: "Please report it; until then, split the calls into statements of their own.",
    RULE_NOT_SELECTED: "Run again without --only or --skip.",
    RUN_OPTIONS: "Leave it where it uses threads, for app.run() serves sockets too; else write socketio.run(app, ...).",
    SELF_USED: "Move what is needed into a function of the module or a class attribute.",
    SESSION_IN_USE: "Mend what is named; then all calls of the session are rewritten together.",
    SETUP_UNCLEAR: "Write the lines yourself: docs/server-setup.md shows them.",
    SYNTAX_ERROR: "Mend the syntax error and run again.",
    TYPED_RESPONSE: "Let TypeScript infer the type of the variable.",
    UNBOUND_THIS: "Use an arrow function, or .bind(this).",
    UNKNOWN_BASE: "Give the value with --define NAME=VALUE.",
    URL_DIFFERS: "Write one call for each route.",
    URL_FOR: "Keep the route while its links are followed over HTTP, or drop the links.",
    URL_IS_PARAMETER: "Put the URL into the function, or call fetch where the URL is known.",
    URL_UNRESOLVED: "Write the URL in the call, as text or a template that starts with a slash.",
    WITHOUT_ROUTE: "Look what `fetch2socket events` says of the folder; give another app with --events.",
    WRONG_METHOD: "Use a method that the route answers, or add the method to the server.",
}
"""What to do about each reason, so that such a call can be rewritten."""
