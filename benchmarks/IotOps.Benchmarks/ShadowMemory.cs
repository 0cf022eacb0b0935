using System.Globalization;
using IotOps.Shadow;

namespace IotOps.Benchmarks;

/// <summary>What 1,000 shadows hold in memory: a document of about 500 bytes each, in step with the cloud or not. Run with <c>shadow-memory</c>.</summary>
internal static class ShadowMemory
{
    private const int Shadows = 1000;

    public static async Task RunAsync()
    {
        string directory = Path.Combine(Path.GetTempPath(), $"shadow-{Guid.NewGuid():N}");
        ShadowId[] ids = [.. Enumerable.Range(0, Shadows).Select(static i => new ShadowId("shadow-" + i.ToString(CultureInfo.InvariantCulture)))];
        var options = new ShadowCacheOptions
        {
            Connection = new OfflineConnection(),
            ThingName = "THING00001",
            StateDirectory = directory,
            Shadows = ids,
            Durability = ShadowDurability.Written,
        };
        try
        {
            int bytes = 0;
            await using (var cache = new ShadowCache(options))
            {
                foreach (ShadowId id in ids)
                {
                    await cache[id].MergeAsync(Document(id), Document(id));
                    bytes += cache[id].Pending!.ByteLength;
                }
            }

            long before = GC.GetTotalMemory(forceFullCollection: true);
            long start = TimeProvider.System.GetTimestamp();
            await using (var cache = new ShadowCache(options))
            {
                TimeSpan opened = TimeProvider.System.GetElapsedTime(start);
                cache.Start();
                long after = GC.GetTotalMemory(forceFullCollection: true);
                Console.WriteLine(
                    $"{Shadows} shadows of {bytes / Shadows} bytes of JSON: opened in {opened.TotalMilliseconds:F0} ms, {(after - before) / Shadows} bytes of memory each");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static ShadowValue Document(ShadowId id) => ShadowValue.Parse(
        $$"""{"name":"{{id}}","mode":"eco","target":21.5,"enabled":true,"limits":{"low":5,"high":30,"step":0.5},"schedule":["06:00","08:00","17:00","22:00"],"firmware":"1.2.3","uptime":12345}""");
}
