using System.Text;
using IotOps.Slack.Messages;
using IotOps.Slack.Posting;

namespace IotOps.Slack;

/// <summary>
/// Posts and updates messages with a bot token, for as long as a job takes. Waits for what 429 asks. Thread-safe.
/// See https://docs.slack.dev/reference/methods/chat.postMessage and chat.update.
/// </summary>
public sealed class SlackChat : IDisposable
{
    private const int MaxTokenChars = 1_000;

    private readonly SlackChatOptions _options;
    private readonly SlackHttp _http;

    /// <summary>Takes the token.</summary>
    /// <exception cref="ArgumentException">The token is not one, or the URL is not Slack's; the message names no token.</exception>
    public SlackChat(SlackChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrEmpty(options.Token) || options.Token.Length > MaxTokenChars || options.Token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException("The token is empty or has characters that no token has, such as white space at an end.", nameof(options));
        }

        if (!IsSlack(options.ApiUrl))
        {
            throw new ArgumentException($"The token goes to slack.com or slack-gov.com over https, not to {options.ApiUrl}.", nameof(options));
        }

        _options = options;
        _http = new SlackHttp(options.Handler, options.TimeProvider, options.Timeout, options.MaxRetryAfter, options.MaxRetries, options.Jitter);
    }

    /// <summary>Posts a message.</summary>
    /// <param name="channelId">A channel, or a user for a direct message.</param>
    /// <param name="message">What to say.</param>
    /// <param name="thread">A message to answer in its thread; null posts to the channel.</param>
    /// <param name="cancellationToken">Gives up; the message may have been posted.</param>
    /// <returns>Names the message, for <see cref="UpdateAsync(SlackMessageId, SlackMessage, CancellationToken)"/>.</returns>
    /// <exception cref="SlackException">Slack refused, or could not be reached. A call that failed without an answer may have been taken.</exception>
    public async Task<SlackMessageId> PostMessageAsync(
        string channelId, SlackMessage message, SlackMessageId? thread = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(channelId);
        ArgumentNullException.ThrowIfNull(message);
        byte[] body = MessageJson.Write(json =>
        {
            json.WriteString("channel"u8, channelId);
            if (thread is not null)
            {
                json.WriteString("thread_ts"u8, thread.Timestamp);
            }

            message.WriteTo(json);
        });
        ChatAnswer answer = await CallAsync("chat.postMessage", body, isRetried: true, cancellationToken).ConfigureAwait(false);
        return answer.Timestamp is { } timestamp
            ? new SlackMessageId(answer.Channel ?? channelId, timestamp)
            : throw Failed("chat.postMessage", "invalid_answer", 200, "The answer names no message.");
    }

    /// <summary>Replaces what a message says.</summary>
    /// <exception cref="SlackException">Slack refused, or could not be reached.</exception>
    public Task UpdateAsync(SlackMessageId posted, SlackMessage message, CancellationToken cancellationToken = default) =>
        UpdateAsync(posted, message, isRetried: true, cancellationToken);

    /// <summary>The members of a user group, disabled users left out. Needs the scope <c>usergroups:read</c>. See https://docs.slack.dev/reference/methods/usergroups.users.list.</summary>
    /// <param name="userGroupId">The group, <c>S...</c>.</param>
    /// <param name="teamId">The workspace, <c>T...</c>: needed where the app is installed for a whole organisation. Null leaves it out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Ids of users.</returns>
    /// <exception cref="SlackException">Slack refused, or could not be reached.</exception>
    public async Task<IReadOnlyList<string>> ListUserGroupMembersAsync(string userGroupId, string? teamId = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userGroupId);
        const string Method = "usergroups.users.list";
        string form = $"usergroup={Uri.EscapeDataString(userGroupId)}{(teamId is null ? "" : $"&team_id={Uri.EscapeDataString(teamId)}")}";
        SlackAnswer answer = await _http.PostFormAsync(new Uri(_options.ApiUrl, Method), Encoding.ASCII.GetBytes(form), _options.Token, cancellationToken).ConfigureAwait(false);
        return Said(Method, answer).Users ?? throw Failed(Method, "invalid_answer", answer.Status, "The answer has no users.");
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    internal async Task UpdateAsync(SlackMessageId posted, SlackMessage message, bool isRetried, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(posted);
        ArgumentNullException.ThrowIfNull(message);
        byte[] body = MessageJson.Write(json =>
        {
            json.WriteString("channel"u8, posted.ChannelId);
            json.WriteString("ts"u8, posted.Timestamp);
            message.WriteTo(json);
        });
        await CallAsync("chat.update", body, isRetried, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ChatAnswer> CallAsync(string method, byte[] body, bool isRetried, CancellationToken cancellationToken)
    {
        SlackAnswer answer = await _http.PostAsync(new Uri(_options.ApiUrl, method), body, _options.Token, isRetried, cancellationToken).ConfigureAwait(false);
        return Said(method, answer);
    }

    private static ChatAnswer Said(string method, SlackAnswer answer)
    {
        if (answer.Failure is { } failure)
        {
            throw Failed(method, "network_error", status: null, failure, isTransient: true);
        }

        ChatAnswer? said = ChatAnswer.Read(answer.Body);
        if (answer.Status == 429)
        {
            throw Failed(method, said?.Error ?? "ratelimited", 429, "Slack asked to wait more often than the retries allow.", isTransient: true, answer.RetryAfter);
        }

        if (said is null || (answer.Status is < 200 or >= 300 && said.Error is null))
        {
            throw Failed(method, "invalid_answer", answer.Status, $"HTTP {answer.Status} without an answer of the Web API.", answer.Status >= 500);
        }

        return said.Ok ? said : throw Failed(method, said.Error ?? "invalid_answer", answer.Status, Advice(said.Error), IsTransient(said.Error));
    }

    private static SlackException Failed(
        string method, string error, int? status, string why, bool isTransient = false, TimeSpan? retryAfter = null) =>
        new($"{method} failed with {error}. {why}") { Method = method, Error = error, StatusCode = status, IsTransient = isTransient, RetryAfter = retryAfter };

    private static bool IsTransient(string? error) =>
        error is "ratelimited" or "rate_limited" or "internal_error" or "fatal_error" or "service_unavailable" or "request_timeout" or "message_limit_exceeded";

    private static string Advice(string? error) => error switch
    {
        "not_in_channel" or "channel_not_found" => "Invite the app to the channel, and name the channel by its id.",
        "missing_scope" => "Give the app the scope chat:write, and usergroups:read for user groups, and install it again.",
        "no_such_subteam" => "Name the user group by its id, S....",
        "invalid_auth" or "not_authed" or "token_revoked" or "token_expired" or "account_inactive" => "Take the bot token from the app's page OAuth & Permissions.",
        "invalid_blocks" or "msg_too_long" or "msg_blocks_too_long" => "Make the message smaller.",
        "message_not_found" or "cant_update_message" => "Only a message that the same app posted can be updated.",
        _ => "See the method's page in Slack's documentation.",
    };

    private static bool IsSlack(Uri url) =>
        url.IsAbsoluteUri
        && url.UserInfo.Length == 0
        && url.AbsolutePath.EndsWith('/')
        && ((url.Scheme == Uri.UriSchemeHttps && url.IsDefaultPort && url.Host is "slack.com" or "slack-gov.com")
            || (url.IsLoopback && url.Scheme is "http" or "https"));
}
