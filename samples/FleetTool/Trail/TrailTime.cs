using System.Globalization;
using IotOps.Samples.CommandLine;
using IotOps.Shared;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>Times on the command line.</summary>
internal static class TrailTime
{
    /// <summary>A time in UTC, a day, or how long ago; null when the option was not given.</summary>
    public static DateTimeOffset? Read(CommandArguments arguments, string name, TimeProvider clock)
    {
        if (arguments[name] is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
        {
            return time;
        }

        return Duration.TryParse(text, out TimeSpan ago)
            ? clock.GetUtcNow() - ago
            : throw new UsageException($"{name} is a time such as 2026-01-31T14:00:00Z or 2026-01-31, or how long ago, such as 2h; not '{text}'");
    }
}
