using System.Net.Http.Headers;

namespace IotOps.Slack.Posting;

/// <summary>Posts JSON: no redirects, no cookies, no authorization but the one given, and waits for what 429 asks.</summary>
internal sealed class SlackHttp : IDisposable
{
    private const int MaxAnswerBytes = 256 << 10;
    private const int TooManyRequests = 429;
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");
    private static readonly MediaTypeHeaderValue Form = new("application/x-www-form-urlencoded");

    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _maxRetryAfter;
    private readonly int _maxRetries;
    private readonly Func<double> _jitter;

    public SlackHttp(HttpMessageHandler? handler, TimeProvider timeProvider, TimeSpan timeout, TimeSpan maxRetryAfter, int maxRetries, Func<double> jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRetryAfter, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(maxRetries);
        _http = handler is null ? new HttpMessageInvoker(SlackHttpHandler.Create()) : new HttpMessageInvoker(handler, disposeHandler: false);
        _timeProvider = timeProvider;
        _timeout = timeout;
        _maxRetryAfter = maxRetryAfter;
        _maxRetries = maxRetries;
        _jitter = jitter;
    }

    /// <summary>Posts; where that is wanted, again after each 429 until the retries are spent.</summary>
    public Task<SlackAnswer> PostAsync(Uri url, byte[] json, string? token, bool isRetried, CancellationToken cancellationToken) =>
        PostAsync(url, json, Json, token, isRetried, cancellationToken);

    /// <summary>Posts a form, which is all that methods that read take.</summary>
    public Task<SlackAnswer> PostFormAsync(Uri url, byte[] form, string? token, CancellationToken cancellationToken) =>
        PostAsync(url, form, Form, token, isRetried: true, cancellationToken);

    private async Task<SlackAnswer> PostAsync(Uri url, byte[] body, MediaTypeHeaderValue type, string? token, bool isRetried, CancellationToken cancellationToken)
    {
        for (int retry = 0; ; retry++)
        {
            SlackAnswer answer = await SlackTelemetry.PostAsync(() => TryPostAsync(url, body, type, token, cancellationToken)).ConfigureAwait(false);
            if (answer.Status != TooManyRequests || retry >= (isRetried ? _maxRetries : 0))
            {
                return answer;
            }

            TimeSpan asked = answer.RetryAfter ?? TimeSpan.Zero;
            TimeSpan wait = asked < _maxRetryAfter ? asked : _maxRetryAfter;

            // Up to a second more, so that those who were refused together do not come back together.
            await Task.Delay(wait + TimeSpan.FromSeconds(_jitter()), _timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<SlackAnswer> TryPostAsync(Uri url, byte[] sent, MediaTypeHeaderValue type, string? token, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, _timeProvider);
        using CancellationTokenRegistration caller =
            cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(sent) };
        request.Content.Headers.ContentType = type;
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, timeout.Token).ConfigureAwait(false);
            byte[] body = await ReadAsync(response.Content, timeout.Token).ConfigureAwait(false);
            int status = (int)response.StatusCode;
            TimeSpan? retryAfter = status == TooManyRequests ? RetryAfter.Read(response.Headers, _timeProvider.GetUtcNow()) : null;
            return new SlackAnswer(status, body, retryAfter, Failure: null, MayHaveArrived: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NoAnswer($"No answer within {_timeout.TotalSeconds} s.", mayHaveArrived: true);
        }
        catch (OperationCanceledException e)
        {
            // The caller's own token, not the one of the timeout, which it has never seen.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            bool connected = e.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
            return NoAnswer($"The host could not be reached or broke off ({e.HttpRequestError}). Check network, DNS and proxy.", connected);
        }
        catch (IOException)
        {
            return NoAnswer("The answer broke off.", mayHaveArrived: true);
        }
    }

    private static SlackAnswer NoAnswer(string why, bool mayHaveArrived) => new(0, [], null, why, mayHaveArrived);

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var body = new MemoryStream();
            byte[] buffer = new byte[4_096];
            int read;
            while (body.Length < MaxAnswerBytes && (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                body.Write(buffer, 0, read);
            }

            return body.ToArray();
        }
    }
}
