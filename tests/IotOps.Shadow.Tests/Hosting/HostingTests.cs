using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IotOps.Shadow.Tests.Hosting;

public sealed class HostingTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task A_host_starts_the_cache_and_its_container_ends_it()
    {
        var services = new ServiceCollection();
        services.AddIotOpsShadow(_device.Options());
        Should.Throw<InvalidOperationException>(() => services.AddIotOpsShadow(_device.Options())).Message.ShouldContain("AddIotOpsShadow(\"pump2\", ...)");
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            foreach (IHostedService service in provider.GetServices<IHostedService>())
            {
                await service.StartAsync(default);
            }

            provider.GetServices<IHostedService>().Count().ShouldBe(1);
            _device.Connection.Filters.Count.ShouldBe(1);
            await provider.GetRequiredService<ShadowCache>()[ShadowId.Classic].Reported.SetAsync("a", 1);
        }

        _device.Connection.Filters.ShouldBeEmpty();
        await _device.OpenAsync();
        _device.Shadow.Reported["a"].ShouldBe(1);
    }

    [Fact]
    public async Task Each_shadow_counts_for_itself()
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Meter.Name == "IotOps.Shadow")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            // Other tests' caches count beside this one: the shadow's name keeps them apart.
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag is { Key: "shadow", Value: "metered" })
                {
                    lock (counts) { counts[instrument.Name] = counts.GetValueOrDefault(instrument.Name) + value; }
                }
            }
        });
        listener.Start();
        await _device.OpenConnectedAsync(static options => options with { Shadows = [new ShadowId("metered"), ShadowId.Classic] });
        await _device.Cache["metered"].Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Service.Refuse = static request => request.Operation == "name/metered/update" ? (413, "no") : null;
        await _device.Cache["metered"].Reported.SetAsync("a", 2);
        await _device.SettleAsync();
        listener.RecordObservableInstruments();

        counts["iotops.shadow.edits"].ShouldBe(2);
        counts["iotops.shadow.requests"].ShouldBe(3);
        counts["iotops.shadow.rejected"].ShouldBe(1);
        counts["iotops.shadow.pending"].ShouldBe("""{"reported":{"a":2}}""".Length);
        counts["iotops.shadow.version"].ShouldBe(1);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
