using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Batch;

/// <summary>How often a job is tried, and after which ends.</summary>
/// <param name="Attempts">1 to 10.</param>
/// <param name="Rules">The first that an attempt meets decides; after one that meets none the next attempt follows.</param>
internal sealed record RetryStrategy(int Attempts, IReadOnlyList<BatchRetryRule> Rules)
{
    private const int MaxRules = 5;
    private const int MaxPattern = 512;

    /// <summary>The strategy of a request; null when it names none.</summary>
    /// <exception cref="Refusal">It is not one.</exception>
    public static RetryStrategy? Read(BatchInput input)
    {
        BatchInput given = input.ObjectOf("retryStrategy", "attempts", "evaluateOnExit");
        int? attempts = BatchInput.Between(given.Number("attempts"), 1, 10, "retryStrategy.attempts");
        BatchRetryRule[] rules = [.. given.Array("evaluateOnExit").Select(ReadRule)];
        if (rules.Length > MaxRules)
        {
            throw BatchInput.Invalid($"evaluateOnExit has {rules.Length} entries; {MaxRules} are the most.");
        }

        return attempts is { } count ? new RetryStrategy(count, rules)
            : rules.Length == 0 ? null
            : throw BatchInput.Invalid("retryStrategy.attempts must be given with evaluateOnExit.");
    }

    /// <exception cref="ArgumentException">A condition is not one that Batch takes.</exception>
    public static void Check(IReadOnlyList<BatchRetryRule> rules)
    {
        if (rules.Count > MaxRules)
        {
            throw new ArgumentException($"EvaluateOnExit has {rules.Count} rules; {MaxRules} are the most.", nameof(rules));
        }

        foreach (BatchRetryRule rule in rules)
        {
            if (Wrong(rule) is { } wrong)
            {
                throw new ArgumentException(wrong, nameof(rules));
            }
        }
    }

    /// <summary>Whether another attempt follows, as far as the rules say.</summary>
    public bool Follows(int? exitCode, string? reason, string? statusReason) =>
        Rules.FirstOrDefault(rule => Meets(rule.OnExitCode, exitCode?.ToString()) && Meets(rule.OnReason, reason) && Meets(rule.OnStatusReason, statusReason)) is not { Action: BatchRetryAction.Exit };

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("retryStrategy"u8);
        json.WriteNumber("attempts"u8, Attempts);
        json.WriteStartArray("evaluateOnExit"u8);
        foreach (BatchRetryRule rule in Rules)
        {
            json.WriteStartObject();
            Write(json, "onStatusReason", rule.OnStatusReason);
            Write(json, "onReason", rule.OnReason);
            Write(json, "onExitCode", rule.OnExitCode);
            json.WriteString("action"u8, rule.Action == BatchRetryAction.Exit ? "EXIT"u8 : "RETRY"u8);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, string? pattern)
    {
        if (pattern is not null)
        {
            json.WriteString(name, pattern);
        }
    }

    private static BatchRetryRule ReadRule(JsonElement element)
    {
        var given = new BatchInput(element);
        given.RefuseAllBut("onStatusReason", "onReason", "onExitCode", "action");
        var rule = new BatchRetryRule
        {
            OnStatusReason = given.Text("onStatusReason"),
            OnReason = given.Text("onReason"),
            OnExitCode = given.Text("onExitCode"),
            Action = given.Required("action").ToUpperInvariant() switch
            {
                "RETRY" => BatchRetryAction.Retry,
                "EXIT" => BatchRetryAction.Exit,
                var other => throw BatchInput.Invalid($"evaluateOnExit.action is {other}; it is RETRY or EXIT."),
            },
        };
        return Wrong(rule) is { } wrong ? throw BatchInput.Invalid(wrong) : rule;
    }

    private static string? Wrong(BatchRetryRule rule) => rule switch
    {
        { OnExitCode: null, OnReason: null, OnStatusReason: null } => "An entry of evaluateOnExit needs onStatusReason, onReason or onExitCode.",
        { OnExitCode: { } code } when !IsPattern(code, char.IsAsciiDigit) => $"onExitCode is '{code}'; it has digits, and may end with *.",
        { OnReason: { } reason } when !IsPattern(reason, IsReason) => $"onReason is '{reason}'; it has letters, digits, '.', ':' and white space, and may end with *.",
        { OnStatusReason: { } reason } when !IsPattern(reason, IsReason) => $"onStatusReason is '{reason}'; it has letters, digits, '.', ':' and white space, and may end with *.",
        _ => null,
    };

    private static bool IsPattern(string pattern, Func<char, bool> isAllowed) =>
        pattern.Length is > 0 and <= MaxPattern && (pattern[^1] == '*' ? pattern[..^1] : pattern).All(isAllowed);

    private static bool IsReason(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or ' ' or '\t';

    private static bool Meets(string? pattern, string? text) =>
        pattern is null
        || (pattern.EndsWith('*') ? (text ?? "").StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase) : pattern.Equals(text, StringComparison.OrdinalIgnoreCase));
}
