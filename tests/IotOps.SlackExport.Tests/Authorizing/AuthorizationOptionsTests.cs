using IotOps.Emulator;
using IotOps.SlackExport.Tests.Hosting;

namespace IotOps.SlackExport.Tests.Authorizing;

public sealed class AuthorizationOptionsTests : IAsyncLifetime
{
    private AwsEmulator _aws = null!;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public void Without_authorization_nothing_starts_and_the_smallest_one_is_named()
    {
        string message = Should.Throw<ArgumentException>(() => new SlackExportServer(Fleet.Options(_aws) with { Authorization = null })).Message;

        message.ShouldContain("AppId = \"A0123456789\"");
        message.ShouldContain("new SlackExportGrant { Users = [\"*\"], Categories = [\"*\"] }");
    }

    [Fact]
    public async Task The_smallest_one_that_is_named_would_do()
    {
        var smallest = new SlackExportAuthorization { AppId = "A0123456789", Workspaces = [new SlackExportWorkspace { TeamId = "T0123456789", Grants = [new SlackExportGrant { Users = ["*"], Categories = ["*"] }] }] };

        await using var server = new SlackExportServer(Fleet.Options(_aws) with { Authorization = smallest });

        server.Endpoint.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("app", "AppId is 'iot-log'")]
    [InlineData("workspaces", "Workspaces is empty")]
    [InlineData("team", "TeamId is 'acme'")]
    [InlineData("nowhere", "A workspace has neither TeamId nor EnterpriseId")]
    [InlineData("grants", "Grants is empty")]
    [InlineData("nobody", "A grant names no user")]
    [InlineData("user", "'@bob' in Users is no user's id")]
    [InlineData("group", "UserGroups needs BotToken")]
    [InlineData("channels", "Channels is empty")]
    [InlineData("channel", "'#fleet' in Channels is no channel's id")]
    [InlineData("category", "There is no category 'commands', which a grant names; there are command.")]
    [InlineData("categories", "Categories is empty in a grant: command, or '*' for all.")]
    [InlineData("environment", "There is no environment 'prod', which a grant names; there are dev.")]
    [InlineData("environments", "Environments is empty in a grant: dev, or '*' for all.")]
    [InlineData("jobs", "JobsPerUserAndHour is 0")]
    public void A_mistake_is_named_at_the_start(string mistake, string message)
    {
        var grant = new SlackExportGrant { Users = ["U1"], Environments = ["dev"], Categories = ["command"] };
        var workspace = new SlackExportWorkspace { TeamId = "T0001", Grants = [grant] };
        var right = new SlackExportAuthorization { AppId = "A0001", Workspaces = [workspace] };
        SlackExportAuthorization With(SlackExportGrant changed) => right with { Workspaces = [workspace with { Grants = [changed] }] };
        SlackExportAuthorization wrong = mistake switch
        {
            "app" => right with { AppId = "iot-log" },
            "workspaces" => right with { Workspaces = [] },
            "team" => right with { Workspaces = [workspace with { TeamId = "acme" }] },
            "nowhere" => right with { Workspaces = [workspace with { TeamId = null }] },
            "grants" => right with { Workspaces = [workspace with { Grants = [] }] },
            "nobody" => With(grant with { Users = [] }),
            "user" => With(grant with { Users = ["@bob"] }),
            "group" => With(grant with { UserGroups = ["S0001"] }),
            "channels" => With(grant with { Channels = [] }),
            "channel" => With(grant with { Channels = ["#fleet"] }),
            "category" => With(grant with { Categories = ["commands"] }),
            "categories" => With(grant with { Categories = [] }),
            "environment" => With(grant with { Environments = ["prod"] }),
            "environments" => With(grant with { Environments = [] }),
            _ => right with { JobsPerUserAndHour = 0 },
        };

        Should.Throw<ArgumentException>(() => new SlackExportServer(Fleet.Options(_aws) with { Environments = [Fleet.Environment(_aws, "dev")], Authorization = wrong }))
            .Message.ShouldStartWith($"Authorization: {message}");
    }
}
