using System.Buffers;

namespace IotOps.Defender.Publishing;

/// <summary>Says which option is out of range, and what it may be.</summary>
internal static class PublisherOptionsCheck
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    private static readonly SearchValues<char> ThingNameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-");

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static void Check(DefenderPublisherOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        TimeSpan least = options.AllowShortInterval ? TimeSpan.FromMilliseconds(1) : DefenderPublisherOptions.MinInterval;
        Require(options, options.Connection is not null, "Connection is null; give the device's MQTT connection.");
        Require(options, IsThingName(options.ThingName), $"ThingName is '{options.ThingName}'; it is 1-128 of a-z A-Z 0-9 : _ -");
        string? topicProblem = options.Topic is { } topic ? DefenderTopics.Problem(topic, options.ThingName) : null;
        Require(options, topicProblem is null, topicProblem ?? "");
        Require(options, options.Collector is not null || options.Collect is not null, "There is nothing to report: set Collector or Collect.");
        Require(options, options.Format is DefenderFormat.Json or DefenderFormat.Cbor, $"Format is {options.Format}; it is Json or Cbor.");
        Require(options, options.Names is DefenderNames.LongNames or DefenderNames.ShortNames, $"Names is {options.Names}; it is LongNames or ShortNames.");
        Require(
            options,
            options.Interval >= least && options.Interval <= MaxWait,
            $"Interval is {options.Interval}; Device Defender takes a report every 300 s at most, so it is 5 minutes to a day (AllowShortInterval lets tests go below).");
        Require(options, options.Jitter >= TimeSpan.Zero && options.Jitter <= MaxWait, $"Jitter is {options.Jitter}; it is zero to a day.");
        Require(
            options,
            options.ReplyTimeout >= TimeSpan.FromMilliseconds(100) && options.ReplyTimeout <= MaxWait,
            $"ReplyTimeout is {options.ReplyTimeout}; it is 100 ms to a day.");
        Require(
            options,
            options.MaxReportBytes is >= 1024 and <= DefenderReport.MaxBytes,
            $"MaxReportBytes is {options.MaxReportBytes}; it is 1,024 to {DefenderReport.MaxBytes}, which is what AWS IoT Core carries.");
        Require(
            options,
            options.AlarmTopic is null || (options.AlarmTopic.Length is >= 1 and <= 256 && !options.AlarmTopic.AsSpan().ContainsAny('+', '#', '\0')),
            $"AlarmTopic is '{options.AlarmTopic}'; it is a topic of 1-256 characters without + and #, or null.");
        Require(options, options.StateDirectory is null || !string.IsNullOrWhiteSpace(options.StateDirectory), "StateDirectory is empty; name a directory, or leave it null.");
    }

    private static bool IsThingName(string? name) => name is { Length: >= 1 and <= 128 } && !name.AsSpan().ContainsAnyExcept(ThingNameCharacters);

    private static void Require(DefenderPublisherOptions options, bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message, nameof(options));
        }
    }
}
