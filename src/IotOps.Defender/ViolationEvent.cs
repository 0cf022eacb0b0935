using System.Buffers;
using System.Text.Json;
using IotOps.Defender.Rules;

namespace IotOps.Defender;

/// <summary>
/// An alarm's beginning or end, as Device Defender Detect sends it to its alert targets. An alarm's events share their
/// <see cref="ViolationId"/>. See https://docs.aws.amazon.com/iot/latest/apireference/API_ViolationEvent.html.
/// </summary>
public sealed record ViolationEvent
{
    /// <summary>32 hexadecimal digits.</summary>
    public required string ViolationId { get; init; }

    /// <summary>The device.</summary>
    public required string ThingName { get; init; }

    /// <summary>The profile that the behavior belongs to.</summary>
    public required string SecurityProfileName { get; init; }

    /// <summary>The behavior that was violated.</summary>
    public required Behavior Behavior { get; init; }

    /// <summary>The newest measurement; null when the alarm was invalidated.</summary>
    public MetricValue? MetricValue { get; init; }

    /// <summary>What happened.</summary>
    public required ViolationEventType Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Writes the event as the JSON of Detect's notifications, its time in milliseconds of Unix time.</summary>
    public void WriteTo(IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var writer = new Utf8JsonWriter(destination);
        writer.WriteStartObject();
        WriteMembersTo(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes the event's members into an object that was begun, so that others can follow.</summary>
    public void WriteMembersTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumber("violationEventTime"u8, Time.ToUnixTimeMilliseconds());
        writer.WriteString("thingName"u8, ThingName);
        writer.WritePropertyName("behavior"u8);
        BehaviorJson.Write(writer, Behavior);
        writer.WriteString("violationEventType"u8, BehaviorGrammar.Text(Type));
        if (MetricValue is not null)
        {
            writer.WritePropertyName("metricValue"u8);
            BehaviorJson.Write(writer, MetricValue);
        }

        writer.WriteString("violationId"u8, ViolationId);
        writer.WriteString("securityProfileName"u8, SecurityProfileName);
    }
}
