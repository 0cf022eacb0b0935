using IotOps.Fleet.Connectivity;

namespace IotOps.Fleet.Tests.Lifecycle;

[Collection(HeapMeasurement.Name)]
public sealed class ClientMemoryTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    // Three weeks of a quiet client, which disconnects once in fifty slots, and of one that does twice in each.
    [Theory]
    [InlineData(50, 1, 512)]
    [InlineData(1, 2, 2_048)]
    public void A_client_takes_bounded_memory(int slotsBetween, int events, int bytes)
    {
        const int Clients = 500;
        var monitor = new ConnectivityMonitor(new ConnectivityMonitorOptions { DropClients = int.MaxValue });
        string[] ids = [.. Enumerable.Range(0, Clients).Select(i => $"THING{i:00000}")];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var random = new Random(7);
        for (int slot = 0; slot < 21 * SeasonalProfile.Slots; slot++)
        {
            foreach (string id in ids)
            {
                for (int i = random.Next(slotsBetween) == 0 ? events : 0; i > 0; i--)
                {
                    monitor.Add(new LifecycleEvent(LifecycleEventKind.Disconnected, id, Start.AddSeconds(slot * SeasonalProfile.SlotSeconds)) { Version = 0, IsClientInitiated = true });
                }
            }
        }

        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Clients;
        output.WriteLine($"{events} in {slotsBetween} slots: {each} bytes a client");
        each.ShouldBeLessThanOrEqualTo(bytes);
        GC.KeepAlive(monitor);
    }
}
