using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace IotOps.Samples.LogExport;

/// <summary>Sends requests through a Polly pipeline, and turns what only Polly throws into what HTTP clients know.</summary>
internal sealed class PipelineHandler(ResiliencePipeline<HttpResponseMessage> pipeline) : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("request");

    /// <summary>What counts against the circuit: no answer, or a server's error.</summary>
    public static bool IsFailure(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException || outcome.Result is { StatusCode: >= System.Net.HttpStatusCode.InternalServerError };

    /// <summary>True where the request did not arrive, or may arrive twice: a POST that Slack or AWS Batch may have acted on is not repeated.</summary>
    public static bool MayRepeat(ResilienceContext context, Outcome<HttpResponseMessage> outcome)
    {
        bool arrived = outcome.Exception is not HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        };
        return IsFailure(outcome) && (!arrived || context.Properties.GetValue(Request, null!).Method != HttpMethod.Post);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Request, request);
        try
        {
            return await pipeline.ExecuteAsync(async (attempt, sent) => await base.SendAsync(sent, attempt.CancellationToken), context, request);
        }
        catch (Exception e) when (e is BrokenCircuitException or TimeoutRejectedException)
        {
            // Nothing is sent while the circuit is open; after a time-out nobody knows.
            throw new HttpRequestException(
                e is BrokenCircuitException ? HttpRequestError.ConnectionError : HttpRequestError.ResponseEnded, e.Message, e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
