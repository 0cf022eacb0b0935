using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.Fleet.Tests.Queries;

public sealed class FleetIndexTests : IDisposable
{
    private readonly Queue<string> _answers = new();
    private readonly StubHttpHandler _cloud;
    private readonly AwsClient _client;
    private readonly FleetIndex _index;

    public FleetIndexTests()
    {
        _cloud = new StubHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(_answers.Dequeue()) });
        _client = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.Iot,
            Region = "eu-west-1",
            Credentials = new BasicAWSCredentials("AKIAEXAMPLE", "secret"),
            Endpoint = new Uri("http://localhost"),
            Transport = _cloud,
            Retry = AwsRetryOptions.None,
        });
        _index = new FleetIndex(_client);
    }

    public void Dispose()
    {
        _client.Dispose();
        _cloud.Dispose();
    }

    [Fact]
    public async Task All_pages_of_a_search_come_out()
    {
        _answers.Enqueue("""{"nextToken":"t1","things":[{"thingName":"a","shadow":"{\"reported\":{\"battery\":77}}"}]}""");
        _answers.Enqueue("""{"things":[{"thingName":"b"}]}""");

        List<FleetThing> things = await _index.SearchAsync(FleetQuery.Parse("shadow.reported.battery>50"), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        things.Select(thing => thing.Name).ShouldBe(["a", "b"]);
        FleetQuery.Parse("shadow.reported.battery:77").Matches(things[0]).ShouldBeTrue();
        string[] bodies = [.. _cloud.Requests.Select(request => Encoding.UTF8.GetString(request.Body).Replace("\\u003E", ">", StringComparison.Ordinal))];
        bodies.ShouldBe(
        [
            """{"queryString":"shadow.reported.battery>50","maxResults":100}""",
            """{"queryString":"shadow.reported.battery>50","maxResults":100,"nextToken":"t1"}""",
        ]);
        _cloud.Requests[0].Message.RequestUri!.AbsolutePath.ShouldBe("/indices/search");
    }

    [Fact]
    public async Task A_dynamic_group_has_its_query_and_a_static_one_none()
    {
        _answers.Enqueue("""{"thingGroupName":"low","thingGroupArn":"arn:x","queryString":"shadow.reported.battery<20","status":"ACTIVE"}""");
        _answers.Enqueue("""{"thingGroupName":"north","thingGroupMetadata":{"parentGroupName":"all"},"thingGroupProperties":{"thingGroupDescription":"d","attributePayload":{"attributes":{"site":"n"}}}}""");

        FleetGroup low = await _index.DescribeGroupAsync("low", TestContext.Current.CancellationToken);
        FleetGroup north = await _index.DescribeGroupAsync("north", TestContext.Current.CancellationToken);

        (low.IsDynamic, low.Query, low.Status).ShouldBe((true, "shadow.reported.battery<20", "ACTIVE"));
        (north.IsDynamic, north.Parent, north.Description, north.Attributes["site"]).ShouldBe((false, "all", "d", "n"));
    }

    [Fact]
    public async Task All_pages_of_a_group_come_out()
    {
        _answers.Enqueue("""{"things":["a","b"],"nextToken":"t"}""");
        _answers.Enqueue("""{"things":["c"]}""");

        (await _index.ThingsInGroupAsync("north:1", recursive: true, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken)).ShouldBe(["a", "b", "c"]);

        _cloud.Requests[1].Message.RequestUri!.PathAndQuery.ShouldContain("nextToken=t");
        Uri.UnescapeDataString(_cloud.Requests[0].Message.RequestUri!.AbsolutePath).ShouldBe("/thing-groups/north:1/things");
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("a b")]
    public async Task A_name_that_is_no_group_is_not_asked_for(string name)
    {
        (await Should.ThrowAsync<ArgumentException>(() => _index.DescribeGroupAsync(name))).Message.ShouldStartWith($"'{name}' is no thing group");
        _cloud.Requests.ShouldBeEmpty();
    }
}
