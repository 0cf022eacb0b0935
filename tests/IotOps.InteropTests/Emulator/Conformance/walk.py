"""
Walks the service models of the installed botocore against an emulator: of every operation that it answers the smallest valid request, then each member added, each
required one left out, each bound, pattern, enum and type violated. Operations that it does not answer must be refused by their name. Prints one JSON object.
"""
import copy
import json
import multiprocessing
import sys

import botocore.session
from botocore.config import Config
from botocore.eventstream import EventStream
from botocore.exceptions import ClientError

import judge
import scenes
import shapes

CONFIG = Config(
    parameter_validation=False, inject_host_prefix=False, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, read_timeout=20,
    request_checksum_calculation="when_required", response_checksum_validation="when_required")
PARTS = (("logs", 0, 2), ("logs", 1, 2), ("s3", 0, 3), ("s3", 1, 3), ("s3", 2, 3), ("batch", 0, 1), ("iot", 0, 1), ("iot-data", 0, 1), ("cloudtrail", 0, 1), ("sts", 0, 1), ("sqs", 0, 1))
scenes.load()
SESSION = botocore.session.get_session()


class Walk:
    def __init__(self, service, part, parts):
        self.service = service
        self.client = SESSION.create_client(service, config=CONFIG)
        self.model = self.client.meta.service_model
        self.names = sorted(self.model.operation_names)[part::parts]
        self.world = scenes.World(self.client, f"{service}-{part}")
        self.is_json = self.model.metadata["protocol"] in ("json", "rest-json")
        self.failures, self.operations, self.unanswered = [], [], []
        self.patch = self.raw = None
        self.client.meta.events.register("before-call", self.before_call)
        self.client.meta.events.register("before-send", self.before_send)
        self.client.meta.events.register("before-parse", self.before_parse)

    def before_call(self, params, **_):
        if self.patch is None:
            return
        path, value = self.patch
        body = json.loads(params["body"] or b"{}")
        at = body
        for step in path[:-1]:
            at = at[0] if step == "[]" else at[step]
        at[0 if path[-1] == "[]" else path[-1]] = value
        params["body"] = json.dumps(body).encode()
        params["headers"].pop("Content-Length", None)

    def before_send(self, **_):
        self.sent = True

    def before_parse(self, response_dict, **_):
        self.raw = judge.raw_json(response_dict)

    def call(self, operation, params, patch=None):
        """(status, code, message, parsed)"""
        self.patch, self.raw, self.sent = patch, None, False
        try:
            parsed = self.client._make_api_call(operation.name, params)
            self.end_stream(parsed)
            return 200, None, "", parsed
        except ClientError as e:
            meta = e.response.get("ResponseMetadata", {})
            error = e.response.get("Error", {})
            text = f"{error.get('Message')} {e.response.get('message')} {error.get('Header')} {error.get('Parameter')}"
            return meta.get("HTTPStatusCode"), error.get("Code"), text, e.response
        finally:
            self.patch = None

    @staticmethod
    def end_stream(parsed):
        """Reads the first event of an answer that goes on, whose checksums botocore holds, and leaves."""
        for stream in parsed.values():
            if isinstance(stream, EventStream):
                next(iter(stream))
                stream.close()

    def run(self):
        for name in self.names:
            operation = self.model.operation_model(name)
            scene = scenes.SCENES[self.service].get(name)
            if name in scenes.SAME_ON_THE_WIRE[self.service]:
                continue
            if scene is None:
                self.refused(operation)
            else:
                Operation(self, operation, scene).run()
        return {"failures": self.failures, "operations": self.operations, "unanswered": self.unanswered, "service": self.service, "calls": self.world.number}

    def refused(self, operation):
        """An operation without a scene: it has to say by its name that it is not there."""
        values = scenes.VALUES[self.service]
        params = shapes.valid(operation.input_shape, values) if operation.input_shape else {}
        self.unanswered.append(operation.name)
        try:
            status, code, message, _ = self.call(operation, params)
        except Exception as e:
            return self.fail(operation, "not answered", f"{type(e).__name__}: {e}")
        if status != 501 or not (operation.http.get("method") == "HEAD" or operation.name in message or scenes.names_route(self.service, operation, message)):
            self.fail(operation, "not answered", f"{status} {code}: {message[:90]}")

    def fail(self, operation, case, got):
        self.failures.append({"service": self.service, "operation": operation.name, "case": case, "got": got})


class Operation:
    """The cases of one operation."""

    def __init__(self, walk, model, scene):
        self.walk, self.model, self.scene = walk, model, scene
        values = {**scenes.VALUES[walk.service], **scene.values}
        self.values = {name: value(walk.world) if callable(value) else value for name, value in values.items()}
        self.cases, self.accepted, self.declined = 0, [], []

    def run(self):
        self.expect_answer("minimal", ())
        if self.model.input_shape is not None:
            self.members(self.model.input_shape, ())
        self.walk.operations.append({
            "service": self.walk.service, "operation": self.model.name, "cases": self.cases,
            "honoured": sorted(self.accepted), "refused": sorted(self.declined)})

    def members(self, shape, path):
        for name, member in shape.members.items():
            here = path + (name,)
            text = ".".join(p for p in here if p != "[]")
            if text in self.scene.skip or getattr(member, "is_eventstream", False) or member.type_name == "blob":
                continue
            required = name in shape.required_members
            if required and member.serialization.get("location") != "uri":
                self.expect_refusal(f"without {text}", here, remove=True)
            if not required or path:
                outcome = self.expect_answer(f"with {text}", here, text)
                if outcome == "declined":
                    self.declined.append(text)
                    continue
            if not path:
                self.accepted.append(text)
            self.violate(member, here, text)

    def violate(self, member, here, text):
        value = self.value(member, here)
        if not (member.serialization.get("location") == "uri" and not value):
            for what, broken in shapes.violations(member, value):
                if member.serialization.get("location") == "uri" and broken == "":
                    continue
                self.expect_refusal(f"{what} {text}", here, value=broken)
        location = member.serialization.get("location")
        if self.walk.is_json and location is None and [*self.wire(here)]:
            self.expect_refusal(f"type {text}", here, patch=shapes.wrong_type(member))
        elif location == "querystring" and member.type_name in ("integer", "long", "boolean"):
            self.expect_refusal(f"type {text}", here, value="x")
        if len(here) > 8:
            return
        if member.type_name == "structure":
            self.members(member, here)
        elif member.type_name == "list":
            inner = here + ("[]",)
            if member.member.type_name == "structure":
                self.members(member.member, inner)
            else:
                self.violate(member.member, inner, text + "[]")

    def value(self, member, here):
        return shapes.valid(member, self.values, tuple(p for p in here if p != "[]") + (("[]",) if here[-1] == "[]" else ()))

    def params(self, here, remove=False, value=None, keep=False):
        """The smallest request, with the member at `here` in it or left out."""
        params = self.base(here)
        if not here:
            return params
        params.update(self.scene.add.get(here[0], {}))
        if keep:
            given = self.existing(params, here)
            value = given if given is not None else self.value(self.shape(here), here)
        at, shape = params, self.model.input_shape
        for i, step in enumerate(here):
            last = i == len(here) - 1
            shape = shape.member if step == "[]" else shape.members[step]
            if last and remove:
                if step != "[]":
                    at.pop(step, None)
                return params
            if step == "[]":
                if last:
                    at[0] = value
                    return params
                at = at[0]
                continue
            for other in self.scene.drop.get(".".join(p for p in here[: i + 1] if p != "[]"), ()):
                at.pop(other, None)
            if last:
                at[step] = value
                return params
            # A copy: the values belong to the scenes of all operations.
            at[step] = copy.deepcopy(at.get(step) or self.value(shape, here[: i + 1]))
            at = at[step]
        return params

    def send(self, case, here, **how):
        self.cases += 1
        try:
            return self.walk.call(self.model, *how.pop("prepare")())
        except Exception as e:
            # What the client itself refuses to send is no matter of the emulator.
            if self.walk.sent or not case.startswith("enum "):
                self.walk.fail(self.model, case, f"{type(e).__name__}: {e}"[:200])
            return None

    def expect_answer(self, case, here, text=""):
        def prepare():
            if not here:
                return (self.params(()),)
            params = self.params(here, keep=True)
            return (params,)

        got = self.send(case, here, prepare=prepare)
        if got is None:
            return "failed"
        status, code, message, parsed = got
        if code is None:
            faults = judge.answer_faults(self.model, parsed, self.walk.raw)
            if faults:
                self.walk.fail(self.model, case, "; ".join(faults[:3]))
            return "answered"
        # An answer to HEAD has no body that could name anything.
        if here and (self.names(here, message) or (status == 501 and self.model.http.get("method") == "HEAD")):
            return "declined"
        self.walk.fail(self.model, case, f"{status} {code}: {message[:120]}")
        return "failed"

    def names(self, here, message):
        """Whether a refusal names the member or what it is in, by its own name or by that on the wire."""
        for end in range(1, len(here) + 1):
            name = here[end - 1]
            wire = self.shape(here[:end]).serialization.get("name", name)
            if name != "[]" and (name.lower() in message.lower() or wire.lower() in message.lower()):
                return True
        return False

    def expect_refusal(self, case, here, remove=False, value=None, patch=None):
        def prepare():
            if patch is None:
                return (self.params(here, remove=remove, value=value),)
            return self.params(here, value=self.value(self.shape(here), here)), ([*self.wire(here)], patch)

        got = self.send(case, here, prepare=prepare)
        if got is None:
            return
        status, code, message, _ = got
        if code is None:
            self.walk.fail(self.model, case, "answered")
            return
        fault = judge.refusal_fault(self.walk.service, self.model, status, code)
        if fault:
            self.walk.fail(self.model, case, fault)

    def base(self, here):
        """The smallest request for a case about the member at `here`."""
        return self.scene.bases.get(here[0] if here else None, self.scene.build)(self.walk.world)

    def existing(self, params, here):
        """What the request has there already."""
        at = params
        for step in here:
            if step == "[]":
                at = at[0] if isinstance(at, list) and at else None
            else:
                at = at.get(step) if isinstance(at, dict) else None
        return at

    def shape(self, here):
        shape = self.model.input_shape
        for step in here:
            shape = shape.member if step == "[]" else shape.members[step]
        return shape

    def wire(self, here):
        shape = self.model.input_shape
        for i, step in enumerate(here):
            shape = shape.member if step == "[]" else shape.members[step]
            if i == 0 and self.model.input_shape.serialization.get("payload") == step:
                continue
            yield step if step == "[]" else shape.serialization.get("name", step)


def work(part):
    return Walk(*part).run()


def main():
    wanted = set(sys.argv[1:])
    parts = [p for p in PARTS if not wanted or p[0] in wanted]
    for service in {p[0] for p in parts}:
        SESSION.get_service_model(service)
    with multiprocessing.get_context("fork").Pool(3) as pool:
        results = list(pool.imap_unordered(work, parts, chunksize=1))
    print(json.dumps({
        "version": botocore.__version__,
        "failures": [f for r in results for f in r["failures"]],
        "operations": sorted((o for r in results for o in r["operations"]), key=lambda o: (o["service"], o["operation"])),
        "unanswered": {s: sorted(n for r in results if r["service"] == s for n in r["unanswered"]) for s in sorted({r["service"] for r in results})},
    }))


main()
