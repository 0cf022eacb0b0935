using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.SlackExport.Requests;
using IotOps.TestKit;

namespace IotOps.SlackExport.Tests.Requests;

public sealed class S3DocumentsTests : IAsyncLifetime
{
    private SlackBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await SlackBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Of_many_who_create_a_document_one_does()
    {
        bool[] created = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _bench.Documents.TryCreateAsync("slack/x", Encoding.ASCII.GetBytes($"{i}"), Cancel)));

        created.Count(won => won).ShouldBe(1);
        string kept = Encoding.ASCII.GetString((await _bench.Documents.FindAsync("slack/x", Cancel))!);
        created[int.Parse(kept)].ShouldBeTrue();
    }

    [Fact]
    public async Task One_whose_answer_was_lost_knows_its_own_document()
    {
        using FaultHandle lost = _bench.Emulator.Faults.Add(new Fault { Operation = "PutObject", Times = 1, DropAfterAccepting = true });

        (await _bench.Documents.TryCreateAsync("slack/x", "mine"u8.ToArray(), Cancel)).ShouldBeTrue();

        lost.Hits.ShouldBe(1);
        (await _bench.Documents.TryCreateAsync("slack/x", "yours"u8.ToArray(), Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_conflict_of_two_conditional_writes_is_tried_again()
    {
        using FaultHandle conflict = _bench.Emulator.Faults.Add(new Fault { Operation = "PutObject", Times = 1, Status = 409, Code = "ConditionalRequestConflict" });

        (await _bench.Documents.TryCreateAsync("slack/x", "mine"u8.ToArray(), Cancel)).ShouldBeTrue();

        conflict.Hits.ShouldBe(1);
    }

    [Theory]
    [InlineData("eu-west-1", "dev-iot-logs", "https://dev-iot-logs.s3.eu-west-1.amazonaws.com/slack/x")]
    [InlineData("eusc-de-east-1", "dev-iot-logs", "https://dev-iot-logs.s3.eusc-de-east-1.amazonaws.eu/slack/x")]
    [InlineData("us-iso-east-1", "dev-iot-logs", "https://dev-iot-logs.s3.us-iso-east-1.c2s.ic.gov/slack/x")]
    [InlineData("eu-west-1", "dev.iot.logs", "https://s3.eu-west-1.amazonaws.com/dev.iot.logs/slack/x")]
    public async Task AWS_is_called_by_the_buckets_host_name_in_every_partition(string region, string bucket, string url)
    {
        using var transport = new StubHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) });
        using var client = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.S3,
            Region = region,
            Credentials = new BasicAWSCredentials("A", "s"),
            Endpoint = AwsEndpoint.OfRegion(AwsService.S3, region),
            Transport = transport,
        });

        await new S3Documents(client, bucket, TimeProvider.System).FindAsync("slack/x", Cancel);

        transport.Requests[0].Message.RequestUri!.AbsoluteUri.ShouldBe(url);
    }

    [Fact]
    public async Task A_document_that_is_not_there_is_null()
    {
        (await _bench.Documents.FindAsync("slack/none", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_signature_is_remembered_once_across_processes()
    {
        var one = new S3ReplayStore(_bench.Documents);
        var another = new S3ReplayStore(_bench.Documents);
        string signature = new('a', 64);

        (await one.TryRememberAsync(signature, default, Cancel)).ShouldBeTrue();
        (await another.TryRememberAsync(signature, default, Cancel)).ShouldBeFalse();
        (await one.TryRememberAsync(signature, default, Cancel)).ShouldBeFalse();
        _bench.Emulator.S3.Keys(SlackBench.Bucket).ShouldBe([$"slack/replay/{signature}"]);
    }
}
