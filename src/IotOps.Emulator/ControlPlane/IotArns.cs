using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>The names of resources of AWS IoT, in the region that a call was signed for.</summary>
internal sealed class IotArns(string accountId)
{
    public const string CertificateKind = "cert";
    public const string GroupKind = "thinggroup";

    private const int ArnParts = 6;

    public string AccountId => accountId;

    public string Thing(RestCall call, string name) => Of(call, "thing", name);

    public string Group(RestCall call, string name) => Of(call, GroupKind, name);

    public string Certificate(RestCall call, string id) => Of(call, CertificateKind, id);

    public string Rule(RestCall call, string name) => Of(call, "rule", name);

    public string Policy(RestCall call, string name) => Of(call, "policy", name);

    /// <summary>The kind and the name of a resource of this account.</summary>
    /// <returns>Null when the text names none.</returns>
    public (string Kind, string Name)? Read(string? arn)
    {
        string[] parts = arn?.Split(':', ArnParts) ?? [];
        return parts is ["arn", _, "iot", { Length: > 0 }, _, _] && parts[4] == accountId && parts[5].Split('/', 2) is [{ Length: > 0 } kind, { Length: > 0 } name]
            ? (kind, name)
            : null;
    }

    /// <summary>The ARN of a resource as it is stored: <c>kind/name</c>.</summary>
    public string Of(RestCall call, string resource) => $"arn:aws:iot:{call.Region}:{accountId}:{resource}";

    private string Of(RestCall call, string kind, string name) => Of(call, $"{kind}/{name}");
}
