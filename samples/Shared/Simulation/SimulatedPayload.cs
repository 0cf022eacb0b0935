using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IotOps.Samples.Simulation;

/// <summary>What is said, in the shapes of AWS.</summary>
internal static class SimulatedPayload
{
    private const string Account = "123456789012";

    public static byte[] Telemetry(SimulatedDevice device, DateTimeOffset time) => Object(json =>
    {
        (double temperature, double battery, int rssi) = device.Measure(time);
        json.WriteString("thingName"u8, device.Name);
        json.WriteNumber("timestamp"u8, time.ToUnixTimeMilliseconds());
        json.WriteNumber("temperature"u8, temperature);
        json.WriteNumber("battery"u8, battery);
        json.WriteNumber("rssi"u8, rssi);
    });

    /// <summary>See https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html.</summary>
    public static byte[] Lifecycle(string eventType, SimulatedDevice device, DateTimeOffset time, string principal, string? address, string? reason) => Object(json =>
    {
        bool isFailure = eventType == "connect_failed";
        json.WriteString("clientId"u8, device.Name);
        json.WriteNumber("timestamp"u8, time.ToUnixTimeMilliseconds());
        json.WriteString("eventType"u8, eventType);
        json.WriteString("sessionIdentifier"u8, device.Session);
        json.WriteString("principalIdentifier"u8, principal);
        if (address is not null)
        {
            json.WriteString("ipAddress"u8, address);
        }

        if (reason is not null)
        {
            json.WriteString(isFailure ? "connectFailureReason"u8 : "disconnectReason"u8, reason);
        }

        if (!isFailure)
        {
            json.WriteNumber("versionNumber"u8, device.Version);
        }

        if (eventType == "disconnected")
        {
            json.WriteBoolean("clientInitiatedDisconnect"u8, reason == "CLIENT_INITIATED_DISCONNECT");
        }
    });

    /// <summary>See https://docs.aws.amazon.com/iot-device-defender/latest/devguide/detect-device-side-metrics.html.</summary>
    public static byte[] Report(SimulatedDevice device, DateTimeOffset time) => Object(json =>
    {
        int[] ports = device.IsTaken ? [22, 4_444] : [22];
        json.WriteStartObject("header"u8);
        json.WriteNumber("report_id"u8, time.ToUnixTimeSeconds());
        json.WriteString("version"u8, "1.0"u8);
        json.WriteEndObject();
        json.WriteStartObject("metrics"u8);
        json.WriteStartObject("listening_tcp_ports"u8);
        json.WriteStartArray("ports"u8);
        foreach (int port in ports)
        {
            json.WriteStartObject();
            json.WriteNumber("port"u8, port);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("total"u8, ports.Length);
        json.WriteEndObject();
        json.WriteStartObject("network_stats"u8);
        long bytes = device.Sent();
        json.WriteNumber("bytes_in"u8, 4_000);
        json.WriteNumber("bytes_out"u8, bytes);
        json.WriteNumber("packets_in"u8, 40);
        json.WriteNumber("packets_out"u8, bytes / 200);
        json.WriteEndObject();
        json.WriteStartObject("tcp_connections"u8);
        json.WriteStartObject("established_connections"u8);
        json.WriteStartArray("connections"u8);
        string[] remotes = [.. device.Remotes(time)];
        foreach (string remote in remotes)
        {
            json.WriteStartObject();
            json.WriteString("remote_addr"u8, remote);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("total"u8, remotes.Length);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>See https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html.</summary>
    public static byte[] Log(
        SimulatedDevice device, DateTimeOffset time, string eventType, string principal, string address, string? reason = null, string? details = null, string? topic = null, string? rule = null) => Object(json =>
    {
        json.WriteString("timestamp"u8, time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
        json.WriteString("logLevel"u8, reason is null ? "INFO"u8 : "ERROR"u8);
        json.WriteString("traceId"u8, device.Random.Guid());
        json.WriteString("accountId"u8, Account);
        json.WriteString("status"u8, reason is null ? "Success"u8 : "Failure"u8);
        json.WriteString("eventType"u8, eventType);
        json.WriteString("protocol"u8, "MQTT"u8);
        json.WriteString("clientId"u8, device.Name);
        json.WriteString("principalId"u8, principal);
        json.WriteString("sourceIp"u8, address);
        foreach ((string name, string? value) in new[] { ("topicName", topic), ("ruleName", rule), ("reason", reason), ("details", details) })
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }
    });

    /// <summary>The thing as SearchIndex answers it.</summary>
    public static string Thing(SimulatedDevice device) => Encoding.UTF8.GetString(Object(json =>
    {
        json.WriteString("thingName"u8, device.Name);
        json.WriteStartArray("thingGroupNames"u8);
        json.WriteStringValue(device.Region);
        json.WriteEndArray();
        json.WriteStartObject("attributes"u8);
        json.WriteString("site"u8, device.Region);
        json.WriteString("firmware"u8, device.Firmware);
        json.WriteEndObject();
        json.WriteStartObject("shadow"u8);
        json.WriteStartObject("reported"u8);
        json.WriteString("firmware"u8, device.Firmware);
        json.WriteNumber("battery"u8, Math.Round(device.Battery, 1));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("connectivity"u8);
        json.WriteBoolean("connected"u8, device.IsConnected);
        json.WriteNumber("timestamp"u8, device.Since.ToUnixTimeMilliseconds());
        if (!device.IsConnected && device.LastReason is { } reason)
        {
            json.WriteString("disconnectReason"u8, reason);
        }

        json.WriteEndObject();
    }));

    private static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
