using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Signing;

public sealed class SigV4HandlerTests
{
    private static readonly DateTimeOffset Time = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Fact]
    public async Task Any_HttpClient_signs_through_it()
    {
        using var transport = new StubHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.OK));
        using var client = Client(transport, "service");

        await client.GetAsync(new Uri("https://example.amazonaws.com/"));

        // AWS's published get-vanilla.
        transport.Requests[0].Header("Authorization").ShouldBe(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, " +
            "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    [Fact]
    public async Task A_body_is_hashed_and_still_sent_whole()
    {
        using var transport = new StubHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.OK));
        using var client = Client(transport, "s3");
        using var body = new StreamContent(new MemoryStream("hello"u8.ToArray()));

        await client.PutAsync(new Uri("https://b.s3.amazonaws.com/k"), body);

        transport.Requests[0].Body.ShouldBe("hello"u8.ToArray());
        transport.Requests[0].Header("X-Amz-Content-SHA256").ShouldBe("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    }

    [Fact]
    public async Task A_body_whose_hash_is_told_is_not_read_before()
    {
        using var transport = new StubHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.OK));
        using var client = Client(transport, "s3");
        using var request = new HttpRequestMessage(HttpMethod.Put, "https://b.s3.amazonaws.com/k") { Content = new StringContent("x", Encoding.ASCII) };
        request.Options.Set(SigV4Handler.PayloadHash, SigV4Request.UnsignedPayload);

        await client.SendAsync(request);

        transport.Requests[0].Header("X-Amz-Content-SHA256").ShouldBe("UNSIGNED-PAYLOAD");
    }

    [Fact]
    public async Task A_request_that_is_sent_again_carries_one_signature()
    {
        using var transport = new StubHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.OK));
        using var handler = new SigV4Handler(new SessionAWSCredentials("AKID", "s", "tok"), "us-east-1", "s3", new ManualTimeProvider(Time)) { InnerHandler = transport };
        using var invoker = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://b.s3.amazonaws.com/k");

        await invoker.SendAsync(request, CancellationToken.None);
        string first = transport.Requests[0].Header("Authorization")!;
        await invoker.SendAsync(request, CancellationToken.None);

        transport.Requests[1].Header("Authorization").ShouldBe(first);
        transport.Requests[1].Header("X-Amz-Security-Token").ShouldBe("tok");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(503)]
    public async Task Skew_is_learnt_from_refusals_only(int status)
    {
        using var transport = new StubHttpHandler(_ => new HttpResponseMessage((HttpStatusCode)status) { Headers = { Date = Time.AddHours(1) } });
        using var handler = new SigV4Handler(new BasicAWSCredentials("AKID", "s"), "us-east-1", "logs", new ManualTimeProvider(Time)) { InnerHandler = transport };
        using var client = new HttpClient(handler);

        await client.GetAsync(new Uri("https://logs.us-east-1.amazonaws.com/"));

        handler.ClockSkew.ShouldBe(TimeSpan.Zero);
    }

    private static HttpClient Client(HttpMessageHandler transport, string service) => new(
        new SigV4Handler(
            new BasicAWSCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), "us-east-1", service, new ManualTimeProvider(Time))
        {
            InnerHandler = transport,
        });
}
