using IotOps.Detect;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Detection;

/// <summary>The alarms that a store has, handed over by this process alone: printed, or sent before it ends.</summary>
internal static class StoredAlarms
{
    private const int PageSize = 500;
    private static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(2);

    /// <summary>Hands over what there is. An alarm is removed from the store when it was taken.</summary>
    /// <param name="store">The store.</param>
    /// <param name="deliver">Takes an alarm; false leaves it in the store, for the next process.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many alarms of those that were tried were left; behind them there may be more.</returns>
    public static async Task<int> HandOverAsync(IDetectStore store, Func<StoredAlarm, Task<bool>> deliver, CancellationToken cancellationToken)
    {
        while (true)
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            IReadOnlyList<StoredAlarm> alarms = await store.ClaimAlarmsAsync(now, now + ClaimFor, PageSize, cancellationToken);
            if (alarms.Count == 0)
            {
                return 0;
            }

            bool[] taken = await Task.WhenAll(alarms.Select(deliver));
            await store.RemoveAlarmsAsync([.. alarms.Where((_, i) => taken[i]).Select(alarm => alarm.Id)], cancellationToken);
            int left = taken.Count(one => !one);

            // Whoever did not take these takes no others, and after their claim they would come again, for ever.
            if (left > 0)
            {
                return left;
            }
        }
    }

    /// <summary>An alarm on one line: Detect's JSON as it is, or a sentence.</summary>
    public static Task<bool> PrintAsync(StoredAlarm stored, bool isJson)
    {
        FleetAlarm alarm = FleetAlarm.Of(stored);
        Console.WriteLine(isJson
            ? System.Text.Encoding.UTF8.GetString(stored.Json.Span)
            : TerminalText.Printable($"{alarm.Time:u} {alarm.State} {alarm.Rule} {alarm.Device}: {alarm.Summary}"));
        return Task.FromResult(true);
    }
}
