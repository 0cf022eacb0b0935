using IotOps.Fleet;

namespace IotOps.Detect.Alarms;

/// <summary>An alarm of Detect's as a sentence.</summary>
internal static class DetectSummary
{
    private const int MaxValueChars = 200;

    public static string Of(DetectNotification notification)
    {
        string what = notification.Event switch
        {
            "in-alarm" => "is in alarm",
            "alarm-cleared" => "is normal again",
            "alarm-invalidated" => "is not known any more",
            string other => $"has the event {other}",
        };
        string metric = notification.Metric is { } name ? $" of {name}" : "";
        string value = notification.Value is { } measured ? $"; measured{metric}: {(measured.Length > MaxValueChars ? $"{measured.AsSpan(0, MaxValueChars)}…" : measured)}" : "";
        string normal = notification.Normal is { } words ? $"; normal is {words}" : "";
        return $"{notification.ThingName} {what}{value}{normal}";
    }
}
