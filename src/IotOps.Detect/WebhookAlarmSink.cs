using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IotOps.Detect.Alarms;
using IotOps.Shared;

namespace IotOps.Detect;

/// <summary>
/// Posts alarms to a URL as JSON (<see cref="AlarmMessage.ToUtf8Json"/>), signed as https://www.standardwebhooks.com says: <c>webhook-id</c>,
/// <c>webhook-timestamp</c> (seconds since 1970) and <c>webhook-signature</c>, HMAC-SHA256 over id, timestamp and body. The receiver checks the
/// signature and the age of the timestamp, and drops an id that it has. Any status of 2xx is acceptance. Redirects are not followed.
/// </summary>
public sealed class WebhookAlarmSink : IAlarmSink, IDisposable
{
    private readonly WebhookAlarmSinkOptions _options;
    private readonly WebhookSignature _signature;
    private readonly HttpMessageInvoker _http;

    /// <summary>Takes the options; nothing is sent yet.</summary>
    /// <exception cref="ArgumentException">The URL is neither https nor on this machine, a secret is not one, or a number is out of range. The text has no secret.</exception>
    public WebhookAlarmSink(WebhookAlarmSinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string? wrong = options switch
        {
            { Url: null or { IsAbsoluteUri: false } } => "The URL is not absolute.",
            { Url: { } url } when url.Scheme != Uri.UriSchemeHttps && !(url.IsLoopback && url.Scheme == Uri.UriSchemeHttp) => "The URL is https, or http on this machine.",
            { Url.UserInfo.Length: > 0 } => "The URL has a user name in it; a web hook is authorised by its signature.",
            _ when string.IsNullOrEmpty(options.Name) => "Name is empty.",
            { MaxAttempts: < 1 or > 10 } => "MaxAttempts is from 1 to 10.",
            _ when options.Timeout <= TimeSpan.Zero || options.FirstRetry < TimeSpan.Zero || options.LongestRetry < options.FirstRetry =>
                "Timeout is longer than zero, FirstRetry at least zero and not longer than LongestRetry.",
            { MaxBytes: < 64 * 1024 } => "MaxBytes is 64 KiB at least.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        _options = options;
        _signature = new WebhookSignature(options.Secrets);
        _http = options.Handler is null ? new HttpMessageInvoker(Transport()) : new HttpMessageInvoker(options.Handler, disposeHandler: false);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    /// <exception cref="AlarmSinkException">The receiver refused, or could not be reached.</exception>
    public async Task SendAsync(AlarmMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        byte[] body = message.ToUtf8Json(_options.MaxBytes);
        for (int attempt = 1; ; attempt++)
        {
            (string? error, TimeSpan? retryAfter) = await TryPostAsync(message.Id, body, cancellationToken).ConfigureAwait(false);
            if (error is null)
            {
                return;
            }

            if (retryAfter is not { } asked || attempt == _options.MaxAttempts)
            {
                throw new AlarmSinkException(error);
            }

            TimeSpan wait = Backoff.FullJitter(_options.FirstRetry, _options.LongestRetry, attempt - 1, _options.Random);
            wait = wait > asked ? wait : asked;
            await Task.Delay(wait < _options.LongestRetry ? wait : _options.LongestRetry, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Transport() => new()
    {
        ConnectCallback = new AddressRace(TimeProvider.System).OpenAsync,

        // A redirect would carry the message and its signature to another host.
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    };

    // The error, and how long to wait before it is worth another attempt; null where it is not.
    private async Task<(string? Error, TimeSpan? RetryAfter)> TryPostAsync(string id, byte[] body, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.Url) { Content = new ByteArrayContent(body) };
        string timestamp = _options.TimeProvider.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("webhook-signature", _signature.Sign(id, timestamp, body));
        try
        {
            // What the receiver says besides its status is not read.
            using HttpResponseMessage response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? (null, null) : (Refusal(response.StatusCode), IsTransient(response.StatusCode) ? RetryAfter(response.Headers) : null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ($"{_options.Url.Host} did not answer within {_options.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.", TimeSpan.Zero);
        }
        catch (HttpRequestException e)
        {
            return ($"{_options.Url.Host} could not be reached or broke off ({e.HttpRequestError}). Check network, DNS and certificate.", TimeSpan.Zero);
        }
        catch (IOException)
        {
            return ($"The answer of {_options.Url.Host} broke off.", TimeSpan.Zero);
        }
    }

    private static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    private string Refusal(HttpStatusCode status) => (int)status switch
    {
        >= 300 and < 400 => $"{_options.Url.Host} answered with a redirect ({(int)status}), which is not followed; give the URL that it leads to.",
        401 or 403 => $"{_options.Url.Host} refused the message ({(int)status}); check that both sides have the same secret and the right time.",
        404 or 410 => $"{_options.Url.Host} has nothing at the web hook's path ({(int)status}); check the URL.",
        413 => $"{_options.Url.Host} finds the message too large (413); lower MaxBytes.",
        _ => $"{_options.Url.Host} answered {(int)status}.",
    };

    private TimeSpan RetryAfter(HttpResponseHeaders headers)
    {
        TimeSpan wait = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - (headers.Date ?? _options.TimeProvider.GetUtcNow())) ?? TimeSpan.Zero;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
