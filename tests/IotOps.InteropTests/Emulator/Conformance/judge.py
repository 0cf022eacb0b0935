"""Holds an answer against the model: its status, the code of its error, its members and their types."""
import datetime
import json

# What any operation of a service may answer besides the errors that the model lists for it.
COMMON = {
    "logs": {"InvalidParameterException", "ValidationException", "SerializationException", "NotImplementedException"},
    "cloudtrail": {"SerializationException", "NotImplementedException", "ValidationException"},
    "batch": {"ClientException", "SerializationException", "NotImplementedException"},
    "iot": {"InvalidRequestException", "SerializationException", "NotImplementedException"},
    "iot-data": {"InvalidRequestException", "NotImplementedException"},
    "sts": {"ValidationError", "NotImplemented", "InvalidAction", "MissingParameter"},
    "sqs": {
        "MissingParameter", "MissingRequiredParameterException", "InvalidParameterValue", "InvalidParameterValueException", "SerializationException", "NotImplementedException", "InvalidAction",
        "ValidationException", "QueueDoesNotExist", "QueueDoesNotExistException", "InvalidAttributeName",
    },
    "s3": {
        "InvalidArgument", "InvalidRequest", "MalformedXML", "NotImplemented", "InvalidBucketName", "InvalidStorageClass", "InvalidDigest", "BadDigest", "KeyTooLongError",
        "PreconditionFailed", "InvalidTag", "AccessDenied", "MissingContentLength", "NoSuchKey", "NoSuchBucket", "InvalidPart", "InvalidRange", "EntityTooSmall", "NoSuchVersion",
        "400", "403", "404", "412", "416", "501", "304", "InvalidPartOrder", "MethodNotAllowed", "NoSuchUpload", "AccessControlListNotSupported", "InvalidBucketAclWithObjectOwnership", "IllegalLocationConstraintException", "InvalidLocationConstraint",
    },
}

TYPES = {
    "string": str, "character": str, "integer": int, "long": int, "double": (int, float), "float": (int, float), "boolean": bool,
    "timestamp": (datetime.datetime, str), "list": list, "map": dict, "structure": dict,
}


def answer_faults(operation, parsed, raw):
    """What is wrong with an answer of 200."""
    shape = operation.output_shape
    if shape is None:
        return []
    faults = list(members(shape, {k: v for k, v in parsed.items() if k != "ResponseMetadata"}, ""))
    if raw is not None:
        faults += list(unknown(shape, raw, ""))
    return faults


def members(shape, value, path):
    if shape.type_name == "structure":
        if getattr(shape, "is_eventstream", False) or hasattr(value, "read") or not isinstance(value, dict):
            return
        for name in shape.required_members:
            if name not in value:
                yield f"{path}{name} is missing"
        for name, one in value.items():
            member = shape.members.get(name)
            if member is None:
                continue
            expected = TYPES.get(member.type_name)
            if getattr(member, "is_eventstream", False) or member.serialization.get("eventstream") or expected is None:
                continue
            if not isinstance(one, expected) or (isinstance(one, bool) and member.type_name in ("integer", "long")):
                yield f"{path}{name} is a {type(one).__name__}, not a {member.type_name}"
                continue
            yield from members(member, one, f"{path}{name}.")
    elif shape.type_name == "list":
        for i, one in enumerate(value[:3]):
            yield from members(shape.member, one, f"{path}{i}.")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{path[:-1]} is '{value}', which is not in the enum"


def unknown(shape, raw, path):
    """Members of a JSON answer that the model does not have, or that are null."""
    if shape.type_name == "structure" and isinstance(raw, dict):
        known = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        for name, one in raw.items():
            if name not in known:
                yield f"{path}{name} is not in the model"
            else:
                yield from unknown(known[name], one, f"{path}{name}.")
    elif shape.type_name == "list" and isinstance(raw, list):
        for one in raw[:3]:
            yield from unknown(shape.member, one, path)


def raw_json(response):
    """The body of an answer, when it is an object of JSON."""
    body = response.get("body")
    try:
        value = json.loads(body) if isinstance(body, bytes) and body.startswith(b"{") else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def refusal_fault(service, operation, status, code):
    """What is wrong with a refusal that the walk asked for; None when nothing is."""
    listed = {}
    for shape in operation.error_shapes:
        error = shape.metadata.get("error", {})
        listed[error.get("code", shape.name)] = error.get("httpStatusCode")
        listed[shape.name] = error.get("httpStatusCode")
    # Services that spoke the query protocol once put its prefix in front of the name.
    if code not in listed and code.rsplit(".", 1)[-1] not in listed and code not in COMMON[service]:
        return f"{status} {code}, which the model does not list"
    if status >= 500 and status != 501:
        return f"{status} {code}"
    if listed.get(code) and listed[code] != status:
        return f"{status} {code}, which the model has with {listed[code]}"
    return None
