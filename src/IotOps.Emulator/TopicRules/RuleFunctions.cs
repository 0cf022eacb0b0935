using System.Globalization;
using System.Text;
using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.TopicRules;

/// <summary>The functions of a rule's SQL that are here. See https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html.</summary>
internal static class RuleFunctions
{
    /// <param name="name">The function, in lower case.</param>
    /// <param name="arguments">Its arguments; null stands for <c>*</c>, the whole payload.</param>
    /// <exception cref="Refusal">There is no such function here, or it has other arguments.</exception>
    public static RuleExpression Make(string name, IReadOnlyList<RuleExpression?> arguments) => new RuleExpression.Call((name, arguments) switch
    {
        ("topic", []) => message => RuleValue.Of(message.Topic),
        ("topic", [RuleExpression.Literal { Value.Value: double level }]) when level >= 1 && level == Math.Floor(level) => message => Level(message.Topic, (int)level),
        ("clientid", []) => message => message.ClientId is { } id ? RuleValue.Of(id) : RuleValue.Of("N/A"),
        ("principal", []) => message => message.Principal is { } principal ? RuleValue.Of(principal) : RuleValue.Undefined,
        ("timestamp", []) => message => RuleValue.Of(message.Time.ToUnixTimeMilliseconds()),
        ("traceid", []) => message => RuleValue.Of(message.TraceId),
        ("encode", [var value, RuleExpression.Literal { Value.Value: "base64" }]) => message => Base64(value, message),
        ("length", [{ } value]) => message => value.Evaluate(message).Value is string text ? RuleValue.Of(text.Length) : RuleValue.Undefined,
        ("indexof", [{ } text, { } part]) => message => IndexOf(text.Evaluate(message), part.Evaluate(message)),
        _ => throw Refusal.NotImplemented($"The emulator's rules have no function {name} with {arguments.Count} such arguments."),
    });

    private static RuleValue Level(string topic, int level)
    {
        string[] levels = topic.Split('/');
        return level <= levels.Length ? RuleValue.Of(levels[level - 1]) : RuleValue.Undefined;
    }

    // The whole payload is encoded as the bytes that it is, JSON or not.
    private static RuleValue Base64(RuleExpression? value, RuleMessage message) => value is null
        ? RuleValue.Of(Convert.ToBase64String(message.Payload.Span))
        : value.Evaluate(message).Value switch
        {
            string text => RuleValue.Of(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))),
            double number => RuleValue.Of(Convert.ToBase64String(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)))),
            bool flag => RuleValue.Of(Convert.ToBase64String(flag ? "true"u8 : "false"u8)),
            JsonElement element => RuleValue.Of(Convert.ToBase64String(Encoding.UTF8.GetBytes(element.GetRawText()))),
            _ => RuleValue.Undefined,
        };

    private static RuleValue IndexOf(RuleValue text, RuleValue part) =>
        (text.Value, part.Value) is (string all, string wanted) ? RuleValue.Of(all.IndexOf(wanted, StringComparison.Ordinal)) : RuleValue.Undefined;
}
