using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Iot;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>
/// CreatePolicy, GetPolicy, AttachPolicy, DetachPolicy, ListAttachedPolicies and ListTargetsForPolicy.
/// See https://docs.aws.amazon.com/iot/latest/apireference/API_AttachPolicy.html.
/// </summary>
internal sealed class PolicyCalls(PolicyStore policies, FleetStore store, IotRegistry registry, IotArns arns)
{
    private const int MaxOfTarget = 10;
    private const int MaxDocumentBytes = 2_048;

    public void Create(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("CreatePolicy", []);
        IotName.CheckedPolicy(name);
        using JsonDocument json = JsonInput.Parse(call.Payload);
        var input = new JsonInput(json.RootElement);
        input.RefuseAllBut("CreatePolicy", ["policyDocument"]);
        string document = input.Text("policyDocument") ?? throw RestCall.Invalid("The policyDocument is missing.");
        if (document.Count(c => !char.IsWhiteSpace(c)) > MaxDocumentBytes)
        {
            throw Malformed($"It has more than {MaxDocumentBytes} characters, blanks not counted.");
        }

        if (PolicyStore.Problem(document) is { } problem)
        {
            throw Malformed(problem);
        }

        if (!policies.TryAdd(name, document, call.TimeProvider.GetUtcNow()))
        {
            throw new Refusal(409, "ResourceAlreadyExistsException", $"Policy {name} exists already.");
        }

        WriteNameAndArn(call, name, output);
        output.WriteString("policyDocument"u8, document);
        output.WriteString("policyVersionId"u8, "1"u8);
    }

    public void Get(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("GetPolicy", []);
        (string document, DateTimeOffset createdAt) = policies.Find(IotName.CheckedPolicy(name)) ?? throw NotFound(name);
        WriteNameAndArn(call, name, output);
        output.WriteString("policyDocument"u8, document);
        output.WriteString("defaultVersionId"u8, "1"u8);
        output.WriteNumber("creationDate"u8, createdAt.ToUnixTimeMilliseconds() / 1_000.0);
        output.WriteNumber("lastModifiedDate"u8, createdAt.ToUnixTimeMilliseconds() / 1_000.0);
    }

    public void Attach(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("AttachPolicy", []);
        string target = TargetOf(call);
        if (policies.Find(IotName.CheckedPolicy(name)) is null)
        {
            throw NotFound(name);
        }

        if (!policies.TryAttach(name, target, MaxOfTarget))
        {
            throw new Refusal(410, "LimitExceededException", $"{MaxOfTarget} policies are attached to {target} already.");
        }
    }

    public void Detach(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("DetachPolicy", []);

        // No error for a policy that is not attached: the model of this call has no ResourceNotFoundException.
        policies.Detach(IotName.CheckedPolicy(name), TargetOf(call));
    }

    public void OfTarget(RestCall call, string target, Utf8JsonWriter output)
    {
        call.RefuseAllBut("ListAttachedPolicies", ["recursive", "marker", "pageSize"]);
        string resource = Resource(target);
        IEnumerable<string> targets = [resource];
        if (call.Flag("recursive") && resource.StartsWith(IotArns.GroupKind + "/", StringComparison.Ordinal))
        {
            targets = targets.Concat(store.Above(store.Group(resource[(IotArns.GroupKind.Length + 1)..]).Group).Select(above => $"{IotArns.GroupKind}/{above.Name}"));
        }

        ListPage<string> page = Page(call, policies.OfTargets(targets));
        output.WriteStartArray("policies"u8);
        foreach (string name in page.Items)
        {
            output.WriteStartObject();
            WriteNameAndArn(call, name, output);
            output.WriteEndObject();
        }

        output.WriteEndArray();
        page.WriteToken(output, "nextMarker");
    }

    public void TargetsOf(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("ListTargetsForPolicy", ["marker", "pageSize"]);
        if (policies.Find(IotName.CheckedPolicy(name)) is null)
        {
            throw NotFound(name);
        }

        ListPage<string> page = Page(call, policies.TargetsOf(name));
        output.WriteStartArray("targets"u8);
        foreach (string target in page.Items)
        {
            output.WriteStringValue(arns.Of(call, target));
        }

        output.WriteEndArray();
        page.WriteToken(output, "nextMarker");
    }

    private string TargetOf(RestCall call)
    {
        using JsonDocument json = JsonInput.Parse(call.Payload);
        var input = new JsonInput(json.RootElement);
        input.RefuseAllBut("policy call", ["target"]);
        return Resource(input.Text("target"));
    }

    private string Resource(string? target)
    {
        (string kind, string name) = arns.Read(target) ?? throw RestCall.Invalid($"The target is the ARN of a certificate or of a thing group, not '{target}'.");
        bool isThere = kind switch
        {
            IotArns.CertificateKind => registry.Certificate(name) is not null,
            IotArns.GroupKind => store.FindGroup(name) is not null,
            _ => throw RestCall.Invalid($"A policy is attached to certificates and thing groups, not to {target}."),
        };
        return isThere ? $"{kind}/{name}" : throw new Refusal(404, "ResourceNotFoundException", $"The target {target} cannot be found.");
    }

    private static ListPage<string> Page(RestCall call, IReadOnlyList<string> all) =>
        ListPage.Of(all, one => one, RestCall.After(call.Query.Find("marker")), call.PageSize("pageSize"));

    private void WriteNameAndArn(RestCall call, string name, Utf8JsonWriter output)
    {
        output.WriteString("policyName"u8, name);
        output.WriteString("policyArn"u8, arns.Policy(call, name));
    }

    private static Refusal NotFound(string name) => new(404, "ResourceNotFoundException", $"Policy {name} cannot be found.");

    private static Refusal Malformed(string why) => new(400, "MalformedPolicyException", $"The policy document cannot be taken: {why}");
}
