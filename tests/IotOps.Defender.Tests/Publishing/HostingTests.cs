using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IotOps.Defender.Tests.Publishing;

public sealed class HostingTests : IAsyncDisposable
{
    private readonly PublisherFixture _device = new();

    [Fact]
    public async Task A_host_starts_the_publisher_and_its_container_ends_it()
    {
        var services = new ServiceCollection();
        services.AddIotOpsDefender(_device.Options());
        Should.Throw<InvalidOperationException>(() => services.AddIotOpsDefender(_device.Options())).Message.ShouldContain("AddIotOpsDefender(\"pump2\", ...)");
        _device.Connection.Connect();
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            IHostedService host = provider.GetServices<IHostedService>().ShouldHaveSingleItem();
            await host.StartAsync(default);
            DefenderPublisher publisher = provider.GetRequiredService<DefenderPublisher>();
            while (publisher.Statistics.Accepted == 0)
            {
                await publisher.IdleAsync();
                await Task.Yield();
            }

            await host.StopAsync(default);
        }

        _device.Connection.Filters.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_meter_counts_what_the_statistics_count()
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Meter.Name == "IotOps.Defender")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };

        // Publishers of other tests count beside this one: at least what this one did is there.
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            lock (counts) { counts[instrument.Name] = counts.GetValueOrDefault(instrument.Name) + value; }
        });
        listener.Start();
        await _device.OpenConnectedAsync();
        _device.Service = static _ => PublisherFixture.Reject("Throttled");
        await _device.AdvanceAsync(PublisherFixture.Interval);

        lock (counts)
        {
            counts["iotops.defender.built"].ShouldBeGreaterThanOrEqualTo(2);
            counts["iotops.defender.published"].ShouldBeGreaterThanOrEqualTo(2);
            counts["iotops.defender.published_bytes"].ShouldBeGreaterThanOrEqualTo(_device.Connection.Published.Sum(static p => p.Payload.Length));
            counts["iotops.defender.accepted"].ShouldBeGreaterThanOrEqualTo(1);
            counts["iotops.defender.rejected"].ShouldBeGreaterThanOrEqualTo(1);
        }
    }

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
