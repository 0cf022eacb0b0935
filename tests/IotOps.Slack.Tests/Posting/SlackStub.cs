using System.Net;
using System.Text;
using System.Text.Json;
using IotOps.TestKit;

namespace IotOps.Slack.Tests.Posting;

/// <summary>A Slack that answers from a list, 200 when the list is done, and keeps what it was sent.</summary>
internal sealed class SlackStub : IDisposable
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public SlackStub() => Handler = new StubHttpHandler(_ => Next());

    public StubHttpHandler Handler { get; }

    /// <summary>What was said, oldest first.</summary>
    public IEnumerable<string> Texts => Handler.Requests.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("text").GetString()!);

    public string? Default { get; set; }

    public void Then(HttpStatusCode status, string body = "", string? retryAfter = null, DateTimeOffset? date = null) => _answers.Enqueue(() =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8) };
        response.Headers.Date = date;
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return response;
    });

    public void ThenThrow(Exception exception) => _answers.Enqueue(() => throw exception);

    public void Dispose() => Handler.Dispose();

    private HttpResponseMessage Next()
    {
        lock (_answers)
        {
            return _answers.TryDequeue(out Func<HttpResponseMessage>? answer)
                ? answer()
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Default ?? "ok", Encoding.UTF8) };
        }
    }
}
