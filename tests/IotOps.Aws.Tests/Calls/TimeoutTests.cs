using System.Net;
using Amazon.Runtime;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Calls;

public sealed class TimeoutTests
{
    [Fact]
    public async Task A_service_that_never_answers_is_given_up_on_after_the_timeout()
    {
        var time = new ManualTimeProvider();
        using var client = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.CloudWatchLogs,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials("A", "s"),
            Transport = new NeverAnswers(),
            TimeProvider = time,
            Timeout = TimeSpan.FromSeconds(5),
            Retry = AwsRetryOptions.None,
        });

        Task<AwsResponse> call = client.SendAsync(AwsRequest.Json11("Logs_20140328.PutLogEvents", ReadOnlyMemory<byte>.Empty));
        time.Advance(TimeSpan.FromSeconds(4));
        call.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        AwsException failure = await Should.ThrowAsync<AwsException>(() => call);
        (failure.Code, failure.IsTransient, failure.StatusCode).ShouldBe(("NetworkError", true, (HttpStatusCode?)null));
        failure.Message.ShouldContain("5 s");
    }

    private sealed class NeverAnswers : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
