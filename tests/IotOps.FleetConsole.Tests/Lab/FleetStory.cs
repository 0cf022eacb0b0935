using System.Text;
using System.Text.Json.Nodes;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.FleetConsole.Tests.Lab;

/// <summary>
/// What a fleet of 60 devices told: quiet errors of two days, a policy that was changed at 14:21, refusals of a new kind from 14:25 on, one
/// compromised device, findings and a trail with an open hour.
/// </summary>
internal static class FleetStory
{
    public const string Suspect = "THING00017";
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 15, 2, 30, TimeSpan.Zero);
    public static readonly DateTimeOffset Surge = new(2026, 11, 24, 14, 25, 0, TimeSpan.Zero);

    public static string Thing(int number) => $"THING{number:00000}";

    public static async Task WriteAsync(IConsoleWriter store)
    {
        await store.AppendAsync(new ConsoleBatch { Things = [.. Enumerable.Range(0, 60).Select(ThingOf)] });
        await store.AppendAsync(new ConsoleBatch
        {
            Errors = [.. Errors()],
            Lifecycle = [.. Lifecycle()],
            Trail = [.. Trail()],
            Digests = [.. Digests()],
            Findings = [.. Findings()],
            Documents = [.. Documents()],
        });
    }

    public static LogError Refused(DateTimeOffset time, string thing, string topic) => Line(time, "Publish-In", thing, "AUTHORIZATION_FAILURE", topic);

    private static IEnumerable<LogError> Errors()
    {
        // The same quiet noise every day: one error a minute, of two kinds.
        for (DateTimeOffset at = Now.AddDays(-1).AddHours(-7); at < Now; at = at.AddMinutes(1))
        {
            int n = (int)((at.ToUnixTimeSeconds() / 60) % 1_000_003);
            yield return n % 3 == 0
                ? Line(at.AddSeconds(7), "Connect", Thing(n % 60), "AUTHN_FAILURE", null)
                : Line(at.AddSeconds(11), "Publish-In", Thing(n % 60), "THROTTLED", null);
        }

        for (int i = 0; i < 700; i++)
        {
            DateTimeOffset at = Surge.AddSeconds(i * 3);
            yield return Refused(at, Thing(i % 40), $"telemetry/{Thing(i % 40)}/battery");
        }
    }

    private static LogError Line(DateTimeOffset time, string type, string thing, string reason, string? topic)
    {
        var line = new JsonObject
        {
            ["timestamp"] = time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff"),
            ["logLevel"] = "ERROR",
            ["traceId"] = $"trace-{time.ToUnixTimeMilliseconds()}-{thing}",
            ["accountId"] = "123456789012",
            ["status"] = "Failure",
            ["eventType"] = type,
            ["protocol"] = "MQTT",
            ["clientId"] = thing,
            ["principalId"] = $"{thing[^2..]}f1c09d77e2aa90bb31cc44d055ee66ff0011223344556677889900aabbccddee",
            ["sourceIp"] = $"203.0.113.{(thing[^1] - '0') % 7}",
            ["reason"] = reason,
        };
        if (topic is not null)
        {
            line["topicName"] = topic;
            line["details"] = $"not authorised to publish to {topic}";
        }

        byte[] bytes = Encoding.UTF8.GetBytes(line.ToJsonString());
        return new LogError(new IotLogReader().Read(bytes, time), bytes);
    }

    private static ThingFacts ThingOf(int i) => new(Thing(i), [$"site eu-plant-{(i % 2) + 1}", $"firmware {(i < 40 ? "2.0.10" : "2.0.9")}"], new JsonObject
    {
        ["thingName"] = Thing(i),
        ["thingTypeName"] = "gateway-b",
        ["thingGroupNames"] = new JsonArray($"eu-plant-{(i % 2) + 1}"),
        ["attributes"] = new JsonObject { ["site"] = $"eu-plant-{(i % 2) + 1}", ["firmware"] = i < 40 ? "2.0.10" : "2.0.9" },
        ["connectivity"] = new JsonObject { ["connected"] = true, ["timestamp"] = Now.AddDays(-2).ToUnixTimeMilliseconds() },
    }.ToJsonString())
    { IsConnected = true, ConnectedSince = Now.AddDays(-2) };

    private static IEnumerable<LifecycleEvent> Lifecycle()
    {
        for (int i = 0; i < 60; i++)
        {
            yield return new LifecycleEvent(LifecycleEventKind.Connected, Thing(i), Now.AddHours(-5).AddSeconds(i)) { IPAddress = $"203.0.113.{i % 7}", Principal = $"cert{i}", Session = $"s{i}", Version = 1 };
            if (i % 9 == 0)
            {
                yield return new LifecycleEvent(LifecycleEventKind.Disconnected, Thing(i), Now.AddMinutes(-30 - i)) { DisconnectReason = "CONNECTION_LOST", Session = $"s{i}", Version = 2 };
            }
        }

        yield return new LifecycleEvent(LifecycleEventKind.Connected, Suspect, Now.AddMinutes(-31)) { IPAddress = "198.51.100.23", Principal = "cert17", Session = "s17b", Version = 5 };
    }

    private static IEnumerable<TrailRow> Trail()
    {
        yield return Row("e-1", Now.AddHours(-5), "CreateJob", "rotate-logs-0457", "ops-admin");
        yield return Row("e-2", new DateTimeOffset(2026, 11, 24, 14, 13, 10, TimeSpan.Zero), "UpdateIndexingConfiguration", null, "ops-admin");
        yield return Row("e-3", new DateTimeOffset(2026, 11, 24, 14, 21, 7, TimeSpan.Zero), "CreatePolicyVersion", "fleet-telemetry", "release-pipeline");
    }

    private static TrailRow Row(string id, DateTimeOffset time, string name, string? resource, string actor) => new(id, time, "iot.amazonaws.com", name)
    {
        Actor = actor,
        Credentials = CloudTrailCredentials.Role,
        Address = "192.0.2.10",
        Resource = resource,
        IsWrite = true,
        Json = new JsonObject { ["eventID"] = id, ["eventName"] = name, ["userIdentity"] = new JsonObject { ["userName"] = actor } }.ToJsonString(),
    };

    private static IEnumerable<DigestHour> Digests()
    {
        for (int h = 0; h < 24; h++)
        {
            var hour = new DateTimeOffset(2026, 11, 23, 14, 0, 0, TimeSpan.Zero).AddHours(h);
            yield return new DigestHour(hour, h == 7 ? DigestVerdict.Gap : DigestVerdict.Verified, h == 7 ? "the digest before it is missing" : null, Now.AddMinutes(-20));
        }
    }

    private static IEnumerable<ConsoleFinding> Findings()
    {
        yield return new ConsoleFinding("d-1", FindingSource.Detect, FindingSeverity.High, "listening-ports", Suspect, "41 listening TCP ports, 12 are usual.", Now.AddMinutes(-29), Now.AddMinutes(-29)) { Thing = Suspect };
        yield return new ConsoleFinding("a-1", FindingSource.Audit, FindingSeverity.Critical, "DEVICE_CERTIFICATE_SHARED_CHECK", "certificate 7b1e44d0", "Two things use it.", Now.AddDays(-9), Now.AddHours(-9)) { Thing = Suspect };
        yield return new ConsoleFinding("a-2", FindingSource.Audit, FindingSeverity.Medium, "LOGGING_DISABLED_CHECK", "account", "Logging is off.", Now.AddDays(-40), Now.AddHours(-9));
        yield return new ConsoleFinding("c-1", FindingSource.Connectivity, FindingSeverity.High, "regional outage", "site eu-plant-1", "14 of 30 devices went offline within 5 min.", Now.AddMinutes(-40), Now.AddMinutes(-38))
        {
            Count = 14,
            Expected = 0.4,
            Probability = 1e-9,
            Members = [.. Enumerable.Range(0, 14).Select(i => Thing(i * 2))],
        };
    }

    private static IEnumerable<DeviceDocument> Documents()
    {
        yield return new DeviceDocument(Suspect, DeviceDocument.Shadow, Now.AddMinutes(-36), """
            {"state":{"desired":{"interval":60,"logLevel":"debug","endpoint":"a"},"reported":{"interval":300,"logLevel":"error","endpoint":"a"},"delta":{"interval":60,"logLevel":"debug"}},"version":812}
            """);
        yield return new DeviceDocument(Suspect, DeviceDocument.Report, Now.AddMinutes(-4), """
            {"header":{"report_id":1795532292,"version":"1.0"},"metrics":{"listening_tcp_ports":{"ports":[{"interface":"eth0","port":22},{"interface":"eth0","port":8883}],"total":41},
            "tcp_connections":{"established_connections":{"connections":[{"remote_addr":"198.51.100.61:443"}],"total":9}},"network_stats":{"bytes_in":1200,"bytes_out":88000000}}}
            """);
    }
}
