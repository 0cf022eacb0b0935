using IotOps.TestKit;

namespace IotOps.Fleet.Tests.Timeline;

[Collection(HeapMeasurement.Name)]
public sealed class TimelineMemoryTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-06-01T00:00:00Z");

    // A million errors with a million clients and texts: what is kept does not grow with them.
    [Fact]
    public void Memory_does_not_grow_with_the_errors()
    {
        var timeline = new ErrorTimeline(new ErrorTimelineOptions { TimeProvider = new ManualTimeProvider() });
        var random = new Random(3);
        void AddMany(int count)
        {
            for (int i = 0; i < count; i++)
            {
                timeline.Add(new IotLogEntry
                {
                    Time = Start.AddSeconds(random.Next(86_400)),
                    IsError = true,
                    EventType = "Connect",
                    Reason = "R",
                    ClientId = $"c{random.Next()}",
                    Details = $"w{random.Next(26)}{(char)('a' + random.Next(26))} x y z",
                });
            }
        }

        AddMany(200_000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        AddMany(800_000);

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(2 << 20);
        GC.KeepAlive(timeline);
    }
}
