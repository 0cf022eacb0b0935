using IotOps.Samples.FleetConsole;
using IotOps.Samples.FleetConsole.Store;
using IotOps.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IotOps.FleetConsole.Tests.Lab;

/// <summary>A console on a free port of loopback, over a store of its own.</summary>
internal sealed class ConsoleLab : IAsyncDisposable
{
    private readonly TempDirectory _directory;

    private ConsoleLab(TempDirectory directory, ManualTimeProvider clock, SqliteConsoleStore store, WebApplication app)
    {
        _directory = directory;
        Clock = clock;
        Store = store;
        App = app;
        Address = new Uri(app.Urls.First());
    }

    /// <summary>Its own files.</summary>
    public TempDirectory Directory => _directory;

    public ManualTimeProvider Clock { get; }

    public SqliteConsoleStore Store { get; }

    public WebApplication App { get; }

    public Uri Address { get; }

    public static async Task<ConsoleLab> StartAsync(
        Func<ConsoleSettings, TempDirectory, ConsoleSettings>? change = null, bool isFilled = true, Action<IServiceCollection>? configure = null, ManualTimeProvider? clock = null)
    {
        var directory = new TempDirectory();
        clock ??= new ManualTimeProvider(FleetStory.Now);
        SqliteConsoleStore store = await SqliteConsoleStore.OpenAsync(directory["console.db"], clock: clock);
        if (isFilled)
        {
            await FleetStory.WriteAsync(store);
        }

        var settings = new ConsoleSettings { Listen = new Uri("http://127.0.0.1:0"), Place = "123456789012 · eu-central-1", TimeProvider = clock };
        WebApplication app = ConsoleHost.Build(change?.Invoke(settings, directory) ?? settings, store, configure);
        await app.StartAsync();
        return new ConsoleLab(directory, clock, store, app);
    }

    /// <summary>A browser without script: it keeps cookies and follows nothing.</summary>
    public Visitor Visit() => new(Address);

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        await Store.DisposeAsync();
        _directory.Dispose();
    }
}
