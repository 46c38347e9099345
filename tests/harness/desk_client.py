"""The desk as a program sees it."""

import http.client
import json
import ssl

PASSWORD = "correct horse battery staple"


class Desk:
    """The desk's API as a program uses it."""

    def __init__(self, site):
        self.port = site.desk_port
        self.ca = site.certificate
        self.token = None

    def request(self, method, path, body=None, headers=None):
        context = ssl.create_default_context(cafile=str(self.ca))
        context.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", self.port,
                                                 context=context, timeout=30)
        fields = {"Accept": "application/json", **(headers or {})}
        if self.token:
            fields["Authorization"] = "Bearer " + self.token
        data = None
        if body is not None:
            data = json.dumps(body)
            fields["Content-Type"] = "application/json"
        try:
            connection.request(method, path, data, fields)
            answer = connection.getresponse()
            text = answer.read().decode()
            try:
                return answer.status, json.loads(text)
            except ValueError:
                return answer.status, text
        finally:
            connection.close()

    def login(self, login, password=PASSWORD):
        status, answer = self.request("POST", "/api/v1/session",
                                      {"login": login, "password": password})
        if status == 200 or status == 201:
            self.token = answer["token"]
        return status

    def cases(self, which="open"):
        found = []
        while True:
            status, answer = self.request(
                "GET", f"/api/v1/cases?filter={which}&offset={len(found)}"
                "&limit=500")
            assert status == 200, (status, answer)
            found += answer["cases"]
            if not answer["cases"] or len(found) >= answer["total"]:
                return found

    def case(self, case_id):
        status, answer = self.request("GET", f"/api/v1/cases/{case_id}")
        assert status == 200, (status, answer)
        return answer

    def decide(self, case_id, decision, comment="", purpose=""):
        shown = self.request("GET", f"/api/v1/cases/{case_id}")
        version = shown[1].get("version", "") if isinstance(shown[1], dict) else ""
        return self.request("POST", f"/api/v1/cases/{case_id}/decision",
                            {"decision": decision, "version": version,
                             "purpose": purpose, "comment": comment})
