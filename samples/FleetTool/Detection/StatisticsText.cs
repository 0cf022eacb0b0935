using System.Text.Json;
using IotOps.Detect;

namespace IotOps.Samples.FleetTool.Detection;

/// <summary>What a worker did.</summary>
internal static class StatisticsText
{
    public static string Of(DetectWorkerStatistics done) =>
        $"{done.Received} messages ({done.Unreadable} unreadable), {done.Events} events ({done.Late} late, {done.Duplicates} repeated), {done.Alarms} alarms; {done.Failed} things failed";

    public static void Write(Utf8JsonWriter json, DetectWorkerStatistics done)
    {
        json.WriteNumber("received"u8, done.Received);
        json.WriteNumber("unreadable"u8, done.Unreadable);
        json.WriteNumber("events"u8, done.Events);
        json.WriteNumber("late"u8, done.Late);
        json.WriteNumber("duplicates"u8, done.Duplicates);
        json.WriteNumber("alarms"u8, done.Alarms);
        json.WriteNumber("conflicts"u8, done.Conflicts);
        json.WriteNumber("failed"u8, done.Failed);
    }
}
