using IotOps.Fleet.Activity;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet;

/// <summary>
/// Who did what to which Greengrass V2 component, deployment or core device, from where and with which credentials.
/// Greengrass does not log calls that were denied. See https://docs.aws.amazon.com/greengrass/v2/developerguide/logging-using-cloudtrail.html.
/// </summary>
public sealed record GreengrassActivity : FleetActivity
{
    /// <summary>The event source of Greengrass V2, and of V1 as well.</summary>
    public const string Source = "greengrass.amazonaws.com";

    private GreengrassActivity(CloudTrailRecord record)
        : base(record)
    {
    }

    /// <summary>
    /// The resource types of each API that is logged as a data event, and only by a trail that is told to (<see cref="EventSelectors.AllGreengrassData"/>).
    /// All others are management events.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> DataEvents { get; } = GreengrassDataEvents.ByApi;

    /// <summary>What a deployment is for: the ARN of a thing or of a thing group.</summary>
    public string? Target { get; private init; }

    /// <summary>The id of the deployment.</summary>
    public string? Deployment { get; private init; }

    /// <summary>The name that the deployment was given.</summary>
    public string? DeploymentName { get; private init; }

    /// <summary>The thing name of the core device.</summary>
    public string? CoreDevice { get; private init; }

    /// <summary>The components that are deployed, or that the call is about.</summary>
    public IReadOnlyList<GreengrassComponent> Components { get; private init; } = [];

    /// <summary>The client devices that are associated with a core device.</summary>
    public IReadOnlyList<string> ClientDevices { get; private init; } = [];

    /// <summary>The job of AWS IoT that carries the deployment out.</summary>
    public string? Job { get; private init; }

    /// <summary>Whether the table of <see cref="DataEvents"/> has the API.</summary>
    public bool IsDataApi => EventName is not null && DataEvents.ContainsKey(EventName);

    /// <summary>What a record says about Greengrass; null when it is of another service.</summary>
    public static GreengrassActivity? Of(CloudTrailRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!record.RawText(RecordField.EventSource).SequenceEqual("greengrass.amazonaws.com"u8))
        {
            return null;
        }

        var call = new CallMembers(record);
        return new GreengrassActivity(record)
        {
            Target = call.Text("targetArn"u8),
            Deployment = call.Text("deploymentId"u8) ?? GreengrassArn.Deployment(record.Resources),
            DeploymentName = call.Text("deploymentName"u8),
            CoreDevice = call.Text("coreDeviceThingName"u8) ?? call.Text("thingName"u8) ?? GreengrassArn.Core(record),
            Components = GreengrassComponents.Of(call, record),
            ClientDevices = [.. call.List("entries"u8).Select(entry => Members.Text(entry, "thingName"u8)).OfType<string>()],
            Job = call.Text("iotJobId"u8),
        };
    }
}
