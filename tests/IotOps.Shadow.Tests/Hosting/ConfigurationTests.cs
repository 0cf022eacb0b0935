using IotOps.Mqtt;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IotOps.Shadow.Tests.Hosting;

public sealed class ConfigurationTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task A_section_of_the_configuration_makes_a_cache_over_the_hosts_connection()
    {
        IConfiguration section = Section(("ThingName", "pump"), ("StateDirectory", _device.Options().StateDirectory), ("Shadows:0", "config"), ("Sync", "60s"));
        ShadowCacheOptions? seen = null;
        var services = new ServiceCollection();
        services.AddSingleton<IMqttConnection>(_device.Connection);
        services.AddIotOpsShadow(section, (_, options) => seen = options with { FileSystem = _device.Options().FileSystem });
        await using ServiceProvider provider = services.BuildServiceProvider();

        provider.GetRequiredService<ShadowCache>()[new ShadowId("config")].ShouldNotBeNull();
        seen.ShouldNotBeNull().Connection.ShouldBeSameAs(_device.Connection);
        seen.Sync.Interval.ShouldBe(TimeSpan.FromSeconds(60));
    }

    // A gateway's things have a connection each, or share the gateway's.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cache_with_a_key_takes_the_connection_of_that_key_or_the_one_without(bool hasOwn)
    {
        var own = new ShadowFixture();
        IMqttConnection? seen = null;
        var services = new ServiceCollection();
        services.AddSingleton<IMqttConnection>(_device.Connection);
        if (hasOwn)
        {
            services.AddKeyedSingleton<IMqttConnection>("pump2", own.Connection);
        }

        services.AddIotOpsShadow("pump2", Section(("ThingName", "pump2"), ("StateDirectory", "/state")), (_, options) =>
        {
            seen = options.Connection;
            return options with { FileSystem = _device.Options().FileSystem };
        });
        await using ServiceProvider provider = services.BuildServiceProvider();

        provider.GetRequiredKeyedService<ShadowCache>("pump2").ShouldNotBeNull();
        seen.ShouldBeSameAs(hasOwn ? own.Connection : _device.Connection);
        await own.DisposeAsync();
    }

    [Fact]
    public void What_cannot_be_used_ends_the_registration() =>
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddIotOpsShadow(Section(("ThingName", "pump"), ("Shadows:0", "a b"), ("Sync", "hourly"))))
            .Message.Split('\n').ShouldBe(
            [
                "Shadow:StateDirectory is missing: a folder that outlives the process, such as '/var/lib/agent/shadow'.",
                "Shadow:Shadows: 'a b' is no shadow name: 1-64 of a-z A-Z 0-9 : _ - $, or empty for the classic shadow.",
                "Shadow:Sync: must be Realtime, Manual or a time from 1s to 24d such as '60s', not 'hourly'.",
            ]);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();

    private static IConfigurationSection Section(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create("Shadow:" + value.Key, (string?)value.Value))).Build().GetSection("Shadow");
}
