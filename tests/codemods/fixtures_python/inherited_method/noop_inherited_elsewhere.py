from config import api


from config import ListResource


class Coaches(ListResource):
    pass


api.add_resource(Coaches, "/coaches")
