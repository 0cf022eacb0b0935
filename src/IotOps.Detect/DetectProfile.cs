using System.Text.Json;
using IotOps.Defender;

namespace IotOps.Detect;

/// <summary>A security profile and what it is attached to.</summary>
public sealed record DetectProfile
{
    /// <summary>1-128 of <c>a-z A-Z 0-9 : _ -</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The behaviors, their names unique.</summary>
    public required IReadOnlyList<Behavior> Behaviors { get; init; }

    /// <summary>What it is attached to; every thing of the registry by default.</summary>
    public IReadOnlyList<DetectTarget> Targets { get; init; } = [DetectTarget.RegisteredThings];

    /// <summary>
    /// Metrics that are remembered besides those of the behaviors, so that alarms can say how the rest of the fleet stands. Only numbers are, and
    /// only what <see cref="DetectEngineOptions.Sources"/> can give.
    /// </summary>
    public IReadOnlyList<string> RetainedMetrics { get; init; } = [];

    /// <summary>
    /// Reads what <c>aws iot describe-security-profile</c> prints: <c>securityProfileName</c>, <c>behaviors</c>, <c>additionalMetricsToRetain</c> and
    /// <c>additionalMetricsToRetainV2</c>; alert targets, dates and versions are skipped, because alarms go where the caller sends them.
    /// </summary>
    /// <param name="utf8Json">The profile.</param>
    /// <param name="targets">What it is attached to, as <see cref="DetectTarget.ParseList"/> reads it; every thing of the registry when null.</param>
    /// <exception cref="FormatException">The profile cannot be evaluated; the message names the behavior, the member and the rule.</exception>
    public static DetectProfile Parse(ReadOnlyMemory<byte> utf8Json, IReadOnlyList<DetectTarget>? targets = null)
    {
        SecurityProfile profile = SecurityProfile.Parse(utf8Json, MetricScope.Fleet);
        using JsonDocument document = JsonDocument.Parse(utf8Json);
        List<string> retained = [];
        if (document.RootElement.TryGetProperty("additionalMetricsToRetain"u8, out JsonElement names))
        {
            retained.AddRange(Items(names, "additionalMetricsToRetain").Select(name => Text(name, "additionalMetricsToRetain")));
        }

        if (document.RootElement.TryGetProperty("additionalMetricsToRetainV2"u8, out JsonElement metrics))
        {
            retained.AddRange(Items(metrics, "additionalMetricsToRetainV2").Select(Metric));
        }

        return new DetectProfile
        {
            Name = profile.Name,
            Behaviors = profile.Behaviors,
            RetainedMetrics = [.. retained.Distinct(StringComparer.Ordinal)],
            Targets = targets ?? [DetectTarget.RegisteredThings],
        };
    }

    private static string Metric(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("metric"u8, out JsonElement metric))
        {
            throw new FormatException("additionalMetricsToRetainV2 is a list of objects with a 'metric'.");
        }

        if (item.TryGetProperty("metricDimension"u8, out _))
        {
            throw new FormatException("additionalMetricsToRetainV2: dimensions narrow metrics to topics, which are not known here; leave it out.");
        }

        return Text(metric, "additionalMetricsToRetainV2");
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement list, string name) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw new FormatException($"{name} is a list.");

    private static string Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.String ? item.GetString()! : throw new FormatException($"{name} names metrics.");
}
