using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>Refusals that several operations give.</summary>
internal static class S3Errors
{
    public static Refusal NoSuchKey(string key) =>
        new(404, "NoSuchKey", "The specified key does not exist.") { Details = [new("Key", key)] };

    public static Refusal AccessDenied() => new(403, "AccessDenied", "Access Denied");

    public static Refusal MalformedXml() =>
        new(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");

    public static Refusal InvalidArgument(string name, string value, string message) =>
        new(400, "InvalidArgument", message) { Details = [new("ArgumentName", name), new("ArgumentValue", value)] };
}
