using IotOps.Aws;

namespace IotOps.Fleet.Tests.Queries;

public sealed class FleetIndexTests : IDisposable
{
    private readonly CloudStub _cloud = new(AwsService.Iot);

    private FleetIndex Index => new(_cloud.Client);

    public void Dispose() => _cloud.Dispose();

    [Fact]
    public async Task All_pages_of_a_search_come_out()
    {
        _cloud.Answer("""{"nextToken":"t1","things":[{"thingName":"a","shadow":"{\"reported\":{\"battery\":77}}"}]}""");
        _cloud.Answer("""{"things":[{"thingName":"b"}]}""");

        List<FleetThing> things = await Index.SearchAsync(FleetQuery.Parse("shadow.reported.battery>50"), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        things.Select(thing => thing.Name).ShouldBe(["a", "b"]);
        FleetQuery.Parse("shadow.reported.battery:77").Matches(things[0]).ShouldBeTrue();
        string[] bodies = [.. _cloud.Bodies.Select(body => body.Replace("\\u003E", ">", StringComparison.Ordinal))];
        bodies.ShouldBe(
        [
            """{"queryString":"shadow.reported.battery>50","maxResults":100}""",
            """{"queryString":"shadow.reported.battery>50","maxResults":100,"nextToken":"t1"}""",
        ]);
        _cloud.Requests[0].Message.RequestUri!.AbsolutePath.ShouldBe("/indices/search");
    }

    [Fact]
    public async Task One_page_is_one_call_and_says_what_the_next_one_is_asked_for_with()
    {
        _cloud.Answer("""{"nextToken":"t2","things":[{"thingName":"a"}]}""");
        _cloud.Answer("""{"things":[]}""");
        FleetQuery query = FleetQuery.Parse("thingName:a*");

        FleetThingPage first = await Index.SearchPageAsync(query, "t1", 5, TestContext.Current.CancellationToken);
        FleetThingPage last = await Index.SearchPageAsync(query, first.Next, cancellationToken: TestContext.Current.CancellationToken);

        (first.Things.Single().Name, first.Next).ShouldBe(("a", "t2"));
        (last.Things.Count, last.Next).ShouldBe((0, null));
        _cloud.Bodies[0].ShouldBe("""{"queryString":"thingName:a*","maxResults":5,"nextToken":"t1"}""");
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Index.SearchPageAsync(query, count: 101));
    }

    [Fact]
    public async Task A_dynamic_group_has_its_query_and_a_static_one_none()
    {
        _cloud.Answer("""{"thingGroupName":"low","thingGroupArn":"arn:x","queryString":"shadow.reported.battery<20","status":"ACTIVE"}""");
        _cloud.Answer("""{"thingGroupName":"north","thingGroupMetadata":{"parentGroupName":"all"},"thingGroupProperties":{"thingGroupDescription":"d","attributePayload":{"attributes":{"site":"n"}}}}""");

        FleetGroup low = await Index.DescribeGroupAsync("low", TestContext.Current.CancellationToken);
        FleetGroup north = await Index.DescribeGroupAsync("north", TestContext.Current.CancellationToken);

        (low.IsDynamic, low.Query, low.Status).ShouldBe((true, "shadow.reported.battery<20", "ACTIVE"));
        (north.IsDynamic, north.Parent, north.Description, north.Attributes["site"]).ShouldBe((false, "all", "d", "n"));
    }

    [Fact]
    public async Task All_pages_of_a_group_come_out()
    {
        _cloud.Answer("""{"things":["a","b"],"nextToken":"t"}""");
        _cloud.Answer("""{"things":["c"]}""");

        (await Index.ThingsInGroupAsync("north:1", recursive: true, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken)).ShouldBe(["a", "b", "c"]);

        _cloud.Requests[1].Message.RequestUri!.PathAndQuery.ShouldContain("nextToken=t");
        Uri.UnescapeDataString(_cloud.Requests[0].Message.RequestUri!.AbsolutePath).ShouldBe("/thing-groups/north:1/things");
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("a b")]
    public async Task A_name_that_is_no_group_is_not_asked_for(string name)
    {
        (await Should.ThrowAsync<ArgumentException>(() => Index.DescribeGroupAsync(name))).Message.ShouldStartWith($"'{name}' is no thing group");
        _cloud.Requests.ShouldBeEmpty();
    }
}
