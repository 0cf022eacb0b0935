using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IotOps.Detect.Alarms;

/// <summary>Counts of a day, in bounded memory. One caller at a time.</summary>
internal sealed class AlarmTally(DateTimeOffset since)
{
    private const int MaxRules = 1_000;
    private const int MaxDevices = 10_000;
    private const int ShownRules = 30;
    private const int ShownDevices = 10;

    private readonly Dictionary<(FleetAlarmKind Kind, string Rule), Counts> _rules = [];
    private readonly Dictionary<string, int> _devices = new(StringComparer.Ordinal);
    private int _total;
    private int _muted;

    public void Add(FleetAlarm alarm, bool isMuted)
    {
        (FleetAlarmKind, string) key = (alarm.Kind, alarm.Rule);
        if (_rules.Count >= MaxRules && !_rules.ContainsKey(key))
        {
            key.Item2 = "other rules";
        }

        Counts counts = _rules.GetValueOrDefault(key);
        counts.Raised += !isMuted && alarm.State == FleetAlarmState.Raised ? 1 : 0;
        counts.Ended += !isMuted && alarm.State != FleetAlarmState.Raised ? 1 : 0;
        counts.Muted += isMuted ? 1 : 0;
        _rules[key] = counts;
        _total++;
        _muted += isMuted ? 1 : 0;
        if (!isMuted && alarm is { Device: { } device, State: FleetAlarmState.Raised } && (_devices.Count < MaxDevices || _devices.ContainsKey(device)))
        {
            _devices[device] = _devices.GetValueOrDefault(device) + 1;
        }
    }

    public AlarmMessage Digest(DateTimeOffset now)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{since.UtcDateTime:yyyy-MM-dd HH:mm}Z to {now.UtcDateTime:yyyy-MM-dd HH:mm}Z: {_total} alarms, {_muted} of them muted\n");
        foreach (((FleetAlarmKind kind, string rule), Counts counts) in _rules
            .OrderByDescending(entry => entry.Value.Raised).ThenBy(entry => entry.Key.Rule, StringComparer.Ordinal).ThenBy(entry => entry.Key.Kind).Take(ShownRules))
        {
            text.Append(CultureInfo.InvariantCulture, $"{AlarmWords.Of(kind)} {AlarmWords.OneLine(rule, 260)}: {counts.Raised} raised, {counts.Ended} ended, {counts.Muted} muted\n");
        }

        if (_rules.Count > ShownRules)
        {
            text.Append(CultureInfo.InvariantCulture, $"and {_rules.Count - ShownRules} more rules\n");
        }

        string[] loudest = [.. _devices.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(ShownDevices)
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{AlarmWords.OneLine(entry.Key, 260)} ({entry.Value})"))];
        if (loudest.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Devices with most alarms: {string.Join(", ", loudest)}\n");
        }

        return new AlarmMessage
        {
            Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"digest\n{since:O}\n{now:O}\n{text}")).AsSpan(0, 16)),
            Title = string.Create(CultureInfo.InvariantCulture, $"Fleet alarms of the day: {_total}"),
            Text = text.ToString(),
            Time = now,
            IsDigest = true,
            Count = _total,
        };
    }

    private record struct Counts(int Raised, int Ended, int Muted);
}
