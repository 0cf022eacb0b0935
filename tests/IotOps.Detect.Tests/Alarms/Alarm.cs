namespace IotOps.Detect.Tests.Alarms;

/// <summary>Alarms for tests.</summary>
internal static class Alarm
{
    public static readonly DateTimeOffset Noon = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);

    public static FleetAlarm Of(int n, string rule = "profile/behavior", string? device = null, FleetAlarmState state = FleetAlarmState.Raised) =>
        new($"alarm-{n}", FleetAlarmKind.Detect, rule, device ?? $"THING{n:D5}", Noon.AddSeconds(n), $"something happened ({n})") { State = state };

    public static StoredAlarm Stored(int n) => new(
        $"stored-{n}",
        Noon.AddSeconds(n),
        System.Text.Encoding.UTF8.GetBytes(
            $$$"""{"violationEventTime":{{{Noon.AddSeconds(n).ToUnixTimeMilliseconds()}}},"thingName":"THING{{{n:D5}}}","behavior":{"name":"msgs","metric":"aws:num-messages-sent","criteria":{"comparisonOperator":"less-than","value":{"count":50},"durationSeconds":300}},"violationEventType":"in-alarm","metricValue":{"count":300},"violationId":"v{{{n}}}","securityProfileName":"chatty"}"""));
}
