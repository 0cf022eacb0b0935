using System.Text.Json.Nodes;
using IotOps.TestKit;

namespace IotOps.Shadow.Tests;

/// <summary>A cache over a fake connection and a model of the service, on a clock of the test's own.</summary>
internal sealed class ShadowFixture : IAsyncDisposable
{
    public const string Thing = "THING00001";

    private readonly TempDirectory _directory = new(inMemory: true);
    private ShadowCache? _cache;

    public ShadowFixture() => Connection.Broker = request => Service.Handle(request);

    public ManualTimeProvider Time { get; } = new();

    public FakeConnection Connection { get; } = new();

    public ModelService Service { get; } = new(Thing);

    public FaultyFileSystem Disk { get; } = new();

    public string Directory => _directory["state"];

    public ShadowCache Cache => _cache ?? throw new InvalidOperationException("Open it first.");

    public DeviceShadow Shadow => Cache[ShadowId.Classic];

    public ShadowCacheOptions Options() => new()
    {
        Connection = Connection,
        ThingName = Thing,
        StateDirectory = Directory,
        TimeProvider = Time,
        FileSystem = Disk,
        Durability = ShadowDurability.Written,
    };

    /// <summary>Opens a cache, after the last one, and lets it begin.</summary>
    public async Task<ShadowCache> OpenAsync(Func<ShadowCacheOptions, ShadowCacheOptions>? change = null)
    {
        await CloseAsync();
        _cache = new ShadowCache(change is null ? Options() : change(Options()));
        _cache.Start();
        return _cache;
    }

    /// <summary>Opens a cache, connects it, and lets it read the cloud.</summary>
    public async Task<ShadowCache> OpenConnectedAsync(Func<ShadowCacheOptions, ShadowCacheOptions>? change = null)
    {
        await OpenAsync(change);
        Connection.Connect();
        await SettleAsync();
        return Cache;
    }

    public async Task CloseAsync()
    {
        if (_cache is not null)
        {
            await _cache.DisposeAsync();
            _cache = null;
        }
    }

    /// <summary>Waits until everything that was said and done has been dealt with; time stands still meanwhile.</summary>
    public async Task SettleAsync()
    {
        int quiet = 0;
        int end = Connection.Published.Count + 1000;
        while (quiet < 2)
        {
            // Without this, two sides that answer each other for ever would hang the test instead of failing it.
            Connection.Published.Count.ShouldBeLessThan(end, "requests without end while time stands still");
            int activity = Connection.Activity;
            await Cache.IdleAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
            await Task.Yield();
            quiet = Connection.Outstanding == 0 && Connection.Activity == activity ? quiet + 1 : 0;
        }
    }

    public async Task AdvanceAsync(TimeSpan by)
    {
        Time.Advance(by);
        await SettleAsync();
    }

    /// <summary>Another client changes the shadow.</summary>
    public async Task CloudAsync(string state, string name = "")
    {
        Connection.Say(() => Service.Update(state, name));
        await SettleAsync();
    }

    /// <summary>Both sides have the same, and nothing waits.</summary>
    public void ShouldAgree(string name = "")
    {
        DeviceShadow shadow = Cache[name];
        JsonNode? local = JsonNode.Parse(shadow.State.Local.ToString());
        JsonNode cloud = Service.State(name) ?? [];
        ModelService.Same(local, cloud).ShouldBeTrue($"device {local!.ToJsonString()}\ncloud  {cloud.ToJsonString()}\n{shadow.State}\npending {shadow.Pending}, cloud at {Service.Version(name)}\n{string.Join("\n", Connection.Log.TakeLast(14))}");
        shadow.Pending.ShouldBeNull();
        if (Service.State(name) is not null)
        {
            shadow.Version.ShouldBe(Service.Version(name));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _directory.Dispose();
    }
}
