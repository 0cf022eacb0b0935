using IotOps.Emulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Tests.Hosting;

public sealed class RegistrationTests : IAsyncLifetime
{
    private AwsEmulator _aws = null!;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task A_host_makes_one_server_with_its_own_services_and_logger()
    {
        int made = 0;
        var log = new LogText();
        ServiceProvider provider = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(log)
            .AddSingleton(Fleet.Environment(_aws))
            .AddIotOpsSlackExport(services =>
            {
                made++;
                return Fleet.Options(_aws) with { Environments = [services.GetRequiredService<SlackExportEnvironment>()] };
            })
            .BuildServiceProvider();
        await using (provider)
        {
            var server = provider.GetRequiredService<SlackExportServer>();

            provider.GetRequiredService<SlackExportServer>().ShouldBeSameAs(server);
            made.ShouldBe(1);
            server.Logger.ShouldBeAssignableTo<ILogger<SlackExportServer>>();
            Log.Busy(server.Logger, 7);
            log.ToString().ShouldContain("7 requests are in flight");
        }
    }

    [Fact]
    public void A_second_registration_is_refused() =>
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddIotOpsSlackExport(Fleet.Options(_aws)).AddIotOpsSlackExport(Fleet.Options(_aws)))
            .Message.ShouldContain("called twice");

    [Fact]
    public async Task Mapping_without_registration_says_what_is_missing()
    {
        await using WebApplication app = WebApplication.CreateSlimBuilder().Build();

        Should.Throw<InvalidOperationException>(() => app.MapSlackCommand()).Message.ShouldContain("AddIotOpsSlackExport");
    }

    [Fact]
    public async Task A_host_with_options_that_cannot_work_does_not_start()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddIotOpsSlackExport(Fleet.Options(_aws) with { SigningSecrets = [] });
        using IHost host = builder.Build();

        (await Should.ThrowAsync<ArgumentException>(() => host.StartAsync(TestContext.Current.CancellationToken))).Message.ShouldContain("SigningSecrets is empty");
    }

    [Fact]
    public void Every_option_that_cannot_work_is_named()
    {
        SlackExportOptions good = Fleet.Options(_aws);
        SlackExportEnvironment one = Fleet.Environment(_aws);
        (SlackExportOptions Options, string Message)[] wrong =
        [
            (good with { Environments = [] }, "Environments is empty"),
            (good with { Environments = [one, one with { Name = "prod" }] }, "Of several Environments each has a Name"),
            (good with { Environments = [one with { Name = "prod" }, one with { Name = "prod" }] }, "'prod' occurs twice"),
            (good with { Environments = [one with { Bucket = "" }] }, "Bucket is empty in the environment"),
            (good with { Environments = [one with { Name = "prod", Output = "/zips" }] }, "Output is '/zips' in the environment 'prod'"),
            (good with { Environments = [one with { LinkValidity = TimeSpan.FromDays(8) }] }, "LinkValidity is 8.00:00:00 in the environment"),
            (good with { Environments = [one with { Name = "prod" }], DefaultEnvironment = "dev" }, "'dev' is not one of the environments"),
            (good with { MaxInFlight = 0 }, "MaxInFlight is 0"),
            (good with { CommandName = "iot-log" }, "a CommandName such as /iot-log"),
            (good with { ResponseHosts = [] }, "No host is allowed"),
            (good with { RunsInProcess = false }, "JobQueue or JobDefinition is missing in the environment"),
        ];

        foreach ((SlackExportOptions options, string message) in wrong)
        {
            Should.Throw<ArgumentException>(() => new SlackExportServer(options)).Message.ShouldContain(message);
        }
    }

    [Fact]
    public void The_options_hide_their_secrets()
    {
        string text = (Fleet.Options(_aws) with { BotToken = "xoxb-secret" }).ToString();

        text.ShouldBe("/iot-log, 1 signing secrets, a bot token, 1 environments");
    }
}
