using System.Text.Json;
using IotOps.Defender.Rules;

namespace IotOps.Defender;

/// <summary>
/// One behavior of a security profile: a metric, and what is normal for it. Devices evaluate the device-side metrics
/// (https://docs.aws.amazon.com/iot-device-defender/latest/devguide/detect-device-side-metrics.html) and custom metrics.
/// </summary>
public sealed record Behavior
{
    /// <summary>1-128 of <c>a-z A-Z 0-9 : _ -</c>, unique in its profile.</summary>
    public required string Name { get; init; }

    /// <summary>What is measured: <c>aws:all-bytes-out</c> and the like, or a custom metric's name.</summary>
    public required string Metric { get; init; }

    /// <summary>What is normal.</summary>
    public required BehaviorCriteria Criteria { get; init; }

    /// <summary>Keeps the alarm's events to the evaluator's state: they are not handed out.</summary>
    public bool SuppressAlerts { get; init; }

    /// <summary>Whether the criteria describe what is normal, as in AWS, or the violation.</summary>
    public AlarmWhen AlarmWhen { get; init; }

    /// <summary>Reads one behavior as AWS writes it in JSON. Members it does not know are an error: a rule that is half understood does not guard.</summary>
    /// <param name="utf8Json">The behavior.</param>
    /// <param name="scope">Whether it may be about a metric that the cloud measures.</param>
    /// <exception cref="FormatException">It is not a behavior that can be evaluated; the message names the member and the rule.</exception>
    public static Behavior Parse(ReadOnlyMemory<byte> utf8Json, MetricScope scope = MetricScope.Device)
    {
        using JsonDocument document = BehaviorJson.Document(utf8Json);
        return BehaviorReader.Read(document.RootElement, "behavior", scope);
    }

    /// <summary>Writes the behavior as AWS does.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        BehaviorJson.Write(writer, this);
    }
}
