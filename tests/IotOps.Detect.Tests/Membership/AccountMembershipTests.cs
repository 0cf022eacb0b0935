using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Fleet;
using IotOps.TestKit;

namespace IotOps.Detect.Tests.Membership;

/// <summary>Groups of the emulator's account: static, nested and dynamic ones.</summary>
public sealed class AccountMembershipTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly ManualTimeProvider _clock = new();
    private readonly TestLogger _log = new();
    private readonly RecordingTransport _transport = new();
    private AwsEmulator _aws = null!;
    private AwsClient _iot = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsEmulator.StartAsync(new EmulatorOptions { FleetQuery = ReadQuery });
        _iot = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.Iot,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
            Endpoint = _aws.Endpoint,
            Transport = _transport,
            Retry = AwsRetryOptions.None,
        });
        _aws.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "plant" });
        _aws.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "hall", Parent = "plant" });
        _aws.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "others" });
        _aws.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "old", Query = "attributes.firmware:1" });
        Set("pump-1", "hall", firmware: 1);
        Set("pump-2", "plant", firmware: 2);
        Set("pump-3", "others", firmware: 1);
        Set("pump-4", group: null, firmware: 2);
    }

    public async ValueTask DisposeAsync()
    {
        _iot.Dispose();
        _transport.Dispose();
        await _aws.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task A_thing_is_in_its_static_groups_those_above_them_and_its_dynamic_ones()
    {
        await using AccountMembership membership = await LoadAsync(["plant", "hall", "old"]);

        Groups(membership, "pump-1").ShouldBe(["hall", "old", "plant"]);
        Groups(membership, "pump-2").ShouldBe(["plant"]);
        Groups(membership, "pump-3").ShouldBe(["old"]);
        Groups(membership, "pump-4").ShouldBeEmpty();
        membership.Things.ShouldBe(3);
    }

    [Fact]
    public async Task Groups_that_no_profile_names_are_not_read()
    {
        await using AccountMembership membership = await LoadAsync(["hall"]);

        Groups(membership, "pump-1").ShouldBe(["hall"]);
        membership.Things.ShouldBe(1);
        _transport.Paths.ShouldBe(["/thing-groups/hall/things"]);
    }

    [Fact]
    public async Task A_thing_that_changes_its_group_is_in_the_other_one_after_the_interval()
    {
        await using AccountMembership membership = await LoadAsync(["hall", "old", "others"]);
        Set("pump-1", "others", firmware: 2);

        _clock.Advance(Interval - TimeSpan.FromSeconds(1));
        await membership.Refresh.IdleAsync();
        Groups(membership, "pump-1").ShouldBe(["hall", "old"]);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await membership.Refresh.IdleAsync();
        Groups(membership, "pump-1").ShouldBe(["others"]);
    }

    [Fact]
    public async Task A_group_that_cannot_be_read_again_keeps_its_things_and_the_others_are_read()
    {
        await using AccountMembership membership = await LoadAsync(["hall", "others"]);
        Set("pump-1", "others", firmware: 1);
        Set("pump-3", group: null, firmware: 1);
        _transport.Refuse = url => url.AbsolutePath.Contains("/hall/", StringComparison.Ordinal) ? HttpStatusCode.InternalServerError : null;
        await NextAsync(membership);

        Groups(membership, "pump-1").ShouldBe(["hall", "others"]);
        Groups(membership, "pump-3").ShouldBeEmpty();
        _log.Count(1041).ShouldBe(1);

        _transport.Refuse = _ => null;
        await NextAsync(membership);
        Groups(membership, "pump-1").ShouldBe(["others"]);
    }

    // 300 things are two pages: what is on the first alone is not the group.
    [Fact]
    public async Task A_group_whose_second_page_cannot_be_read_keeps_all_its_things()
    {
        for (int i = 0; i < 300; i++)
        {
            Set($"more-{i:D3}", "others", firmware: 2);
        }

        await using AccountMembership membership = await LoadAsync(["others"]);
        membership.Things.ShouldBe(301);
        _transport.Refuse = url => url.Query.Contains("nextToken", StringComparison.Ordinal) ? HttpStatusCode.InternalServerError : null;
        await NextAsync(membership);

        membership.Things.ShouldBe(301);
    }

    [Fact]
    public async Task A_group_that_does_not_exist_has_no_things_and_is_logged_once_until_it_comes()
    {
        await using AccountMembership membership = await LoadAsync(["no-such", "hall"]);
        await NextAsync(membership);

        Groups(membership, "pump-1").ShouldBe(["hall"]);
        _log.Count(1042).ShouldBe(1);

        _aws.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "no-such" });
        Set("pump-4", "no-such", firmware: 2);
        await NextAsync(membership);
        Groups(membership, "pump-4").ShouldBe(["no-such"]);
    }

    [Fact]
    public async Task The_first_reading_is_awaited_and_its_failure_is_the_callers()
    {
        _transport.Refuse = _ => HttpStatusCode.Forbidden;

        AwsException refused = await Should.ThrowAsync<AwsException>(() => LoadAsync(["hall"]));

        refused.Operation.ShouldBe("ListThingsInThingGroup");
    }

    [Fact]
    public async Task More_things_than_allowed_are_refused_at_first_and_later_what_was_read_last_holds()
    {
        await Should.ThrowAsync<InvalidDataException>(() => LoadAsync(["plant", "others"], options => options with { MaxThings = 2 }));
        await using AccountMembership membership = await LoadAsync(["plant"], options => options with { MaxThings = 2 });

        Set("pump-5", "plant", firmware: 2);
        await NextAsync(membership);

        membership.Things.ShouldBe(2);
        Groups(membership, "pump-5").ShouldBeEmpty();
        _log.Count(1040).ShouldBe(1);
    }

    [Fact]
    public async Task Clients_without_a_thing_are_told_apart_only_where_a_profile_asks_for_them()
    {
        await using AccountMembership all = await LoadAsync([DetectTarget.AllThings]);
        await using AccountMembership unregistered = await LoadAsync([DetectTarget.UnregisteredThings]);

        all.GroupsOf("stranger").ShouldBe([]);
        unregistered.GroupsOf("stranger").ShouldBeNull();
        unregistered.GroupsOf("pump-4").ShouldBe([]);
        unregistered.Things.ShouldBe(4);

        _transport.Refuse = _ => HttpStatusCode.InternalServerError;
        await NextAsync(unregistered);

        unregistered.GroupsOf("pump-4").ShouldBe([]);
        _log.Count(1044).ShouldBe(1);
    }

    [Theory]
    [InlineData(59, 1, "RefreshInterval")]
    [InlineData(300, 0, "MaxThings")]
    public async Task An_option_out_of_range_is_named(int seconds, int things, string name) =>
        (await Should.ThrowAsync<ArgumentException>(() => LoadAsync(["hall"], options => options with { RefreshInterval = TimeSpan.FromSeconds(seconds), MaxThings = things }))).Message.ShouldContain(name);

    private static Func<JsonElement, bool> ReadQuery(string text)
    {
        FleetQuery query = FleetQuery.Parse(text);
        return thing => query.Matches(FleetThing.Read(thing));
    }

    private static string[] Groups(AccountMembership membership, string thing) => [.. membership.GroupsOf(thing)!];

    private async Task NextAsync(AccountMembership membership)
    {
        _clock.Advance(Interval);
        await membership.Refresh.IdleAsync();
    }

    private void Set(string thing, string? group, int firmware) =>
        _aws.Fleet.SetThing($$$"""{"thingName":"{{{thing}}}","thingGroupNames":[{{{(group is null ? "" : $"\"{group}\"")}}}],"attributes":{"firmware":"{{{firmware}}}"} }""");

    private Task<AccountMembership> LoadAsync(string[] groups, Func<AccountMembershipOptions, AccountMembershipOptions>? change = null) =>
        LoadAsync([.. groups.Select(DetectTarget.Group)], change);

    private Task<AccountMembership> LoadAsync(DetectTarget[] targets, Func<AccountMembershipOptions, AccountMembershipOptions>? change = null)
    {
        var options = new AccountMembershipOptions
        {
            Iot = _iot,
            Profiles = [new DetectProfile { Name = "p", Behaviors = [], Targets = targets }],
            TimeProvider = _clock,
            LoggerFactory = _log,
        };
        return AccountMembership.LoadAsync(change?.Invoke(options) ?? options, Cancelled);
    }
}
