using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Calls;

public sealed class CallTests
{
    [Fact]
    public async Task Segments_are_encoded_with_their_slashes()
    {
        using var fixture = new CallFixture(CallFixture.Ok());

        await fixture.Client.SendAsync(new AwsRequest { Operation = "GetConnection", Method = HttpMethod.Get, Segments = ["connections", "site/7 ü+%"] });

        fixture.Requests[0].Message.RequestUri!.AbsoluteUri.ShouldBe("https://logs.us-east-1.amazonaws.com/connections/site%2F7%20%C3%BC%2B%25");
    }

    [Fact]
    public async Task A_json_call_is_posted_to_the_root_signed_with_its_target()
    {
        var transport = new StubHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/x-amz-json-1.1"),
        });
        using var client = new AwsClient(Options(transport));

        AwsResponse response = await client.SendAsync(AwsRequest.Json11("Logs_20140328.PutLogEvents", "{}"u8.ToArray()));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        RecordedRequest sent = transport.Requests.ShouldHaveSingleItem();
        sent.Message.RequestUri!.AbsoluteUri.ShouldBe("https://logs.us-east-1.amazonaws.com/");
        sent.Body.ShouldBe("{}"u8.ToArray());
        sent.Header("X-Amz-Target").ShouldBe("Logs_20140328.PutLogEvents");
        sent.Header("X-Amz-Date").ShouldBe("20231001T120000Z");
        sent.Header("Authorization")!.ShouldStartWith(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231001/us-east-1/logs/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=");
    }

    private static AwsClientOptions Options(HttpMessageHandler transport) => new()
    {
        Service = AwsService.CloudWatchLogs,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        Transport = transport,
        TimeProvider = new ManualTimeProvider(),
        Endpoint = new Uri("https://logs.us-east-1.amazonaws.com"),
    };
}
