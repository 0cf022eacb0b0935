using IotOps.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Shared.Tests;

public sealed class RegistrationTests
{
    private static readonly Action<ILogger, string, Exception?> Says = LoggerMessage.Define<string>(LogLevel.Warning, new EventId(7), "{Text}");
    private static readonly Action<ILogger, Exception?> Details = LoggerMessage.Define(LogLevel.Debug, new EventId(8), "details");

    [Fact]
    public void A_second_one_without_a_key_is_refused_with_what_to_do()
    {
        ServiceCollection services = [];
        Add(services, key: null);

        Should.Throw<InvalidOperationException>(() => Add(services, key: null)).Message.ShouldBe(
            "The services have a Pump already: give the second one a key, such as AddPump(\"pump2\", ...), and take it by [FromKeyedServices(\"pump2\")].");
    }

    [Fact]
    public void A_second_one_with_the_same_key_is_refused()
    {
        ServiceCollection services = [];
        Add(services, "a");

        Should.Throw<InvalidOperationException>(() => Add(services, "a")).Message.ShouldBe("The services have a Pump with the key 'a' already: give AddPump another key.");
    }

    [Fact]
    public async Task Each_key_has_its_own_and_each_starts_and_stops_with_the_host()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        Add(builder.Services, key: null);
        Add(builder.Services, "a");
        Add(builder.Services, "b");
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Pump[] pumps =
        [
            host.Services.GetRequiredService<Pump>(), host.Services.GetRequiredKeyedService<Pump>("a"), host.Services.GetRequiredKeyedService<Pump>("b"),
        ];

        pumps.ShouldBeUnique();
        host.Services.GetRequiredKeyedService<IPump>("a").ShouldBeSameAs(pumps[1]);
        pumps.ShouldAllBe(pump => pump.IsStarted && !pump.IsStopped);
        await host.StopAsync(TestContext.Current.CancellationToken);
        pumps.ShouldAllBe(pump => pump.IsStopped);
    }

    [Fact]
    public async Task A_logger_provider_may_need_the_service_that_logs_through_the_host()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        using var seen = new TestLogger();
        Add(builder.Services, key: null);
        builder.Services.AddSingleton<ILoggerProvider>(provider => new Provider(provider.GetRequiredService<Pump>(), seen));
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        Says(host.Services.GetRequiredService<Pump>().Logger, "later", null);
        seen.Entries.Where(entry => entry.Id == 7).Select(entry => entry.Message).ShouldBe(["made", "started", "later"]);
    }

    [Fact]
    public void Before_the_start_the_first_messages_are_held_without_details()
    {
        using var logging = new HostLogging();
        ILogger logger = logging.CreateLogger("a");
        Details(logger, null);
        for (int i = 0; i < HostLogging.Most + 10; i++)
        {
            Says(logger, $"{i}", null);
        }

        using var seen = new TestLogger();
        logging.Attach(seen);
        Details(logger, null);

        seen.Entries.Count.ShouldBe(HostLogging.Most + 1);
        seen.Entries[0].Message.ShouldBe("0");
        seen.Entries[^1].Message.ShouldBe("details");
    }

    [Fact]
    public void A_service_that_is_disposed_after_the_hosts_factory_may_still_log()
    {
        using var logging = new HostLogging();
        var factory = new LoggerFactory();
        logging.Attach(factory);
        factory.Dispose();

        Should.NotThrow(() => Says(logging.CreateLogger("late"), "bye", null));
    }

    [Fact]
    public void A_factory_of_the_callers_own_is_kept()
    {
        using var own = new TestLogger();
        using var host = new HostLogging();
        own.Or(host).ShouldBeSameAs(own);
        NullLoggerFactory.Instance.Or(host).ShouldBeSameAs(host);
    }

    [Fact]
    public async Task What_the_work_throws_at_once_fails_the_start()
    {
        using IHost host = Running((_, _) => Task.FromException(new InvalidDataException("no such file")));
        (await Should.ThrowAsync<InvalidDataException>(() => host.StartAsync(TestContext.Current.CancellationToken))).Message.ShouldBe("no such file");
    }

    [Fact]
    public async Task The_start_waits_for_no_work_and_what_it_throws_later_ends_the_host()
    {
        var work = new TaskCompletionSource();
        using IHost host = Running((_, _) => work.Task);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var stopping = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        work.SetException(new InvalidDataException("not trusted"));

        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Work_is_cancelled_when_the_host_stops()
    {
        CancellationToken seen = default;
        using IHost host = Running((_, stop) =>
        {
            seen = stop;
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        });
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);

        seen.IsCancellationRequested.ShouldBeTrue();
    }

    private static IHost Running(Func<Pump, CancellationToken, Task> work)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        Registration.Add(builder.Services, key: null, "AddPump", (_, logging) => new Pump(logging));
        Registration.AddRunner(builder.Services, key: null, work);
        return builder.Build();
    }

    private static void Add(IServiceCollection services, string? key)
    {
        Registration.Add(services, key, "AddPump", (_, logging) => new Pump(logging));
        Registration.AddAs<IPump, Pump>(services, key, "AddPump");
        Registration.AddHost<Pump>(services, key, pump => pump.Start(), (pump, _) => pump.StopAsync());
    }

    private interface IPump;

    private sealed class Pump : IPump
    {
        public Pump(ILoggerFactory logging)
        {
            Logger = logging.CreateLogger("Pump");
            Says(Logger, "made", null);
        }

        public ILogger Logger { get; }

        public bool IsStarted { get; private set; }

        public bool IsStopped { get; private set; }

        public void Start()
        {
            IsStarted = true;
            Says(Logger, "started", null);
        }

        public Task StopAsync()
        {
            IsStopped = true;
            return Task.CompletedTask;
        }
    }

    /// <summary>Cannot be made without the pump.</summary>
    private sealed class Provider(Pump pump, TestLogger seen) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => pump is null ? NullLogger.Instance : seen;

        public void Dispose()
        {
        }
    }
}
