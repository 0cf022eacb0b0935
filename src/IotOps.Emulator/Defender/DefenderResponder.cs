using System.Buffers;
using System.Text;
using System.Text.Json;
using IotOps.Emulator.Concurrency;

namespace IotOps.Emulator.Defender;

/// <summary>
/// Device Defender over MQTT: a report comes as a message and is accepted or rejected by one. See
/// https://docs.aws.amazon.com/iot-device-defender/latest/devguide/detect-device-side-metrics.html. Thread-safe.
/// </summary>
internal sealed class DefenderResponder(
    EmulatedDefenderOptions options, FaultInjector faults, TimeProvider timeProvider, Action<string, byte[]> publish) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _accepted = new(StringComparer.Ordinal);
    private readonly LateActions _late = new(timeProvider);

    public RecentItems<ReceivedDefenderReport> Reports { get; } = new(r => r.Payload.Length + (r.Json?.Length ?? 0));

    /// <summary>Deals with a message, when it is a report.</summary>
    public void Handle(string topic, ReadOnlyMemory<byte> payload, string? connection)
    {
        if (topic.Split('/') is not ["$aws", "things", { Length: > 0 } thing, "defender", "metrics", ("json" or "cbor") and var format])
        {
            return;
        }

        Fault? fault = faults.IsEmpty
            ? null
            : faults.Take(new FaultRequest { Operation = "DefenderReport", Topic = topic, ClientId = connection, ThingName = thing });
        if (fault is { Delay.Ticks: > 0 })
        {
            _late.Start(fault.Delay, () => Answer(topic, thing, format, payload, fault));
        }
        else
        {
            Answer(topic, thing, format, payload, fault);
        }
    }

    public void Dispose() => _late.Dispose();

    private void Answer(string topic, string thing, string format, ReadOnlyMemory<byte> payload, Fault? fault)
    {
        if (fault is { DropBeforeAccepting: true } or { Lose: true })
        {
            return;
        }

        var report = new ReceivedDefenderReport { ThingName = thing, Format = format, Payload = payload, ReceivedAt = timeProvider.GetUtcNow() };
        string? message = null;
        try
        {
            byte[] json = format == "cbor" ? Cbor.ToJson(payload.Span) : payload.ToArray();
            using JsonDocument document = JsonDocument.Parse(json);
            report = report with { Json = Encoding.UTF8.GetString(json) };
            report = report with { ReportId = DefenderReport.Check(document.RootElement) };
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException or InvalidOperationException)
        {
            report = report with { ErrorCode = "InvalidPayload" };
            message = e.Message;
        }

        if (report.ErrorCode is null && fault?.Status is not null)
        {
            report = report with { ErrorCode = fault.Code ?? "InternalFailure" };
            message = fault.Message;
        }

        if (report.ErrorCode is null && !IsInTime(thing))
        {
            report = report with { ErrorCode = "Throttled" };
            message = $"Reports of a thing are at least {options.MinReportInterval.TotalSeconds:0} seconds apart";
        }

        Reports.Add(report);
        if (fault is not ({ NoAnswer: true } or { DropAfterAccepting: true }))
        {
            publish($"{topic}/{(message is null ? "accepted" : "rejected")}", Reply(report, message));
        }
    }

    private bool IsInTime(string thing)
    {
        lock (_lock)
        {
            if (_accepted.TryGetValue(thing, out long last) && timeProvider.GetElapsedTime(last) < options.MinReportInterval)
            {
                return false;
            }

            _accepted[thing] = timeProvider.GetTimestamp();
            return true;
        }
    }

    // A rejection does not say which report it is about.
    private byte[] Reply(ReceivedDefenderReport report, string? message)
    {
        var target = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(target))
        {
            json.WriteStartObject();
            json.WriteString("thingName"u8, report.ThingName);
            if (message is null)
            {
                json.WriteNumber("reportId"u8, report.ReportId!.Value);
            }

            json.WriteString("status"u8, message is null ? "ACCEPTED" : "REJECTED");
            if (message is not null)
            {
                json.WriteStartObject("statusDetails"u8);
                json.WriteString("ErrorCode"u8, report.ErrorCode);
                json.WriteString("ErrorMessage"u8, message);
                json.WriteEndObject();
            }

            json.WriteNumber("timestamp"u8, timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
            json.WriteEndObject();
        }

        if (report.Format == "json")
        {
            return target.WrittenSpan.ToArray();
        }

        var reader = new Utf8JsonReader(target.WrittenSpan);
        var cbor = new ArrayBufferWriter<byte>(256);
        Cbor.Write(cbor, JsonElement.ParseValue(ref reader));
        return cbor.WrittenSpan.ToArray();
    }
}
