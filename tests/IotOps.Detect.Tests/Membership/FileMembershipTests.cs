using IotOps.TestKit;

namespace IotOps.Detect.Tests.Membership;

public sealed class FileMembershipTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly TestLogger _log = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string File => _directory["things.json"];

    public void Dispose()
    {
        _log.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("""[{"thingName":"a","thingGroupNames":["north","pumps"]},{"thingName":"b"}]""")]
    [InlineData("""{"things":[{"thingName":"a","thingGroupNames":["pumps","north","pumps"],"shadow":"{}"},{"thingName":"b","thingGroupNames":[]}]}""")]
    public async Task Things_are_in_the_groups_that_the_file_has_and_other_names_are_no_things(string json)
    {
        await using FileMembership membership = await LoadAsync(json);

        membership.GroupsOf("a")!.ShouldBe(["north", "pumps"]);
        membership.GroupsOf("b")!.ShouldBeEmpty();
        membership.GroupsOf("c").ShouldBeNull();
        membership.Things.ShouldBe(2);
    }

    [Fact]
    public async Task A_changed_file_is_read_within_a_minute_and_one_that_cannot_be_read_changes_nothing()
    {
        await using FileMembership membership = await LoadAsync("""[{"thingName":"a"}]""");

        await WriteAsync("""[{"thingName":"a"},{"thingName":"b"}]""");
        await NextAsync(membership);
        membership.Things.ShouldBe(2);

        await WriteAsync("[{");
        await NextAsync(membership);
        System.IO.File.Delete(File);
        await NextAsync(membership);
        membership.Things.ShouldBe(2);
        _log.Count(1040).ShouldBe(2);

        await WriteAsync("[]");
        await NextAsync(membership);
        membership.Things.ShouldBe(0);
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("{}", "neither an array of things")]
    [InlineData("[1]", "thing 1 is not an object")]
    [InlineData("""[{"thingName":"a"},{"name":"b"}]""", "thing 2 is not an object with a text 'thingName'")]
    [InlineData("""[{"thingName":"a","thingGroupNames":"north"}]""", "'thingGroupNames' of a is not an array of texts")]
    [InlineData("""[{"thingName":"a","thingGroupNames":[1]}]""", "'thingGroupNames' of a is not an array of texts")]
    [InlineData("""[{"thingName":"\ud800"}]""", "surrogate")]
    public async Task Something_else_in_the_file_is_explained(string json, string problem) =>
        (await Should.ThrowAsync<InvalidDataException>(() => LoadAsync(json))).Message.ShouldContain(problem);

    [Fact]
    public async Task A_file_that_is_not_there_is_the_callers_to_handle() =>
        await Should.ThrowAsync<FileNotFoundException>(() => FileMembership.LoadAsync(_directory["no-such.json"], cancellationToken: Cancelled));

    private async Task NextAsync(FileMembership membership)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        await membership.Refresh.IdleAsync();
    }

    private async Task<FileMembership> LoadAsync(string json)
    {
        await WriteAsync(json);
        return await FileMembership.LoadAsync(File, _clock, _log, Cancelled);
    }

    private Task WriteAsync(string json) => System.IO.File.WriteAllTextAsync(File, json, Cancelled);
}
