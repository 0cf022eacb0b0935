using IotOps.Fleet.Activity;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet;

/// <summary>
/// Who did what to which certificate, policy, thing, thing group or job of AWS IoT, from where and with which credentials.
/// See https://docs.aws.amazon.com/iot/latest/developerguide/iot-using-cloudtrail.html.
/// </summary>
public sealed record IotActivity : FleetActivity
{
    /// <summary>The event source of AWS IoT's control plane.</summary>
    public const string Source = "iot.amazonaws.com";

    private IotActivity(CloudTrailRecord record)
        : base(record)
    {
    }

    /// <summary>The thing.</summary>
    public string? Thing { get; private init; }

    /// <summary>The certificate's id: 64 hexadecimal digits.</summary>
    public string? Certificate { get; private init; }

    /// <summary>What the certificate became, such as <c>INACTIVE</c>.</summary>
    public string? NewStatus { get; private init; }

    /// <summary>The policy.</summary>
    public string? Policy { get; private init; }

    /// <summary>The thing group, or the billing group.</summary>
    public string? Group { get; private init; }

    /// <summary>The job.</summary>
    public string? Job { get; private init; }

    /// <summary>The rule of the rules engine, or the role alias.</summary>
    public string? Rule { get; private init; }

    /// <summary>What a policy is attached to, or a job is for: ARNs of certificates, things, groups, Cognito identities.</summary>
    public IReadOnlyList<string> Targets { get; private init; } = [];

    /// <summary>What a record says about AWS IoT; null when it is of another service.</summary>
    public static IotActivity? Of(CloudTrailRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!record.RawText(RecordField.EventSource).SequenceEqual("iot.amazonaws.com"u8))
        {
            return null;
        }

        var call = new CallMembers(record);
        string[] targets = [.. new[] { call.Text("target"u8), call.Text("principal"u8) }.OfType<string>(), .. call.List("targets"u8).Select(Members.Text).OfType<string>()];
        return new IotActivity(record)
        {
            Thing = call.Text("thingName"u8) ?? IotArn.Resource("thing", [.. targets, call.Text("thingArn"u8)]),
            Certificate = call.Text("certificateId"u8) ?? IotArn.Resource("cert", [.. targets, call.Text("certificateArn"u8)]),
            NewStatus = call.Text("newStatus"u8),
            Policy = call.Text("policyName"u8),
            Group = call.Text("thingGroupName"u8) ?? call.Text("billingGroupName"u8) ?? IotArn.Resource("thinggroup", [.. targets, call.Text("thingGroupArn"u8)]),
            Job = call.Text("jobId"u8),
            Rule = call.Text("ruleName"u8) ?? call.Text("roleAlias"u8),
            Targets = targets,
        };
    }
}
