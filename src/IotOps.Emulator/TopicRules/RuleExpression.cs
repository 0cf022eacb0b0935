using System.Text.Json;

namespace IotOps.Emulator.TopicRules;

/// <summary>An expression of a rule's SQL. See https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-where.html.</summary>
internal abstract record RuleExpression
{
    public abstract RuleValue Evaluate(RuleMessage message);

    public sealed record Literal(RuleValue Value) : RuleExpression
    {
        public override RuleValue Evaluate(RuleMessage message) => Value;
    }

    /// <summary>A member of the message: <c>a.b</c>.</summary>
    public sealed record Member(string[] Path) : RuleExpression
    {
        public override RuleValue Evaluate(RuleMessage message)
        {
            if (message.Json is not { } element)
            {
                return RuleValue.Undefined;
            }

            foreach (string name in Path)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                {
                    return RuleValue.Undefined;
                }
            }

            return RuleValue.Of(element);
        }
    }

    public sealed record Call(Func<RuleMessage, RuleValue> Function) : RuleExpression
    {
        public override RuleValue Evaluate(RuleMessage message) => Function(message);
    }

    /// <summary>A comparison; what cannot be compared is undefined, and a condition that is undefined does not hold.</summary>
    public sealed record Comparison(RuleExpression Left, string Operator, RuleExpression Right) : RuleExpression
    {
        public override RuleValue Evaluate(RuleMessage message)
        {
            (RuleValue left, RuleValue right) = (Left.Evaluate(message), Right.Evaluate(message));
            if (left.IsUndefined || right.IsUndefined)
            {
                return RuleValue.Undefined;
            }

            int? order = RuleValue.Compare(left, right);
            return (Operator, order) switch
            {
                ("=", _) => RuleValue.Of(order == 0),
                ("<>", _) => RuleValue.Of(order != 0),
                (_, null) => RuleValue.Undefined,
                ("<", { } o) => RuleValue.Of(o < 0),
                ("<=", { } o) => RuleValue.Of(o <= 0),
                (">", { } o) => RuleValue.Of(o > 0),
                (_, { } o) => RuleValue.Of(o >= 0),
            };
        }
    }

    public sealed record And(RuleExpression Left, RuleExpression Right) : RuleExpression
    {
        public override RuleValue Evaluate(RuleMessage message) => RuleValue.Of(Left.Holds(message) && Right.Holds(message));
    }

    public sealed record Or(RuleExpression Left, RuleExpression Right) : RuleExpression
    {
        public override RuleValue Evaluate(RuleMessage message) => RuleValue.Of(Left.Holds(message) || Right.Holds(message));
    }

    public sealed record Not(RuleExpression Inner) : RuleExpression
    {
        public override RuleValue Evaluate(RuleMessage message) => Inner.Evaluate(message).Value is bool flag ? RuleValue.Of(!flag) : RuleValue.Undefined;
    }

    public bool Holds(RuleMessage message) => Evaluate(message).Value is true;
}
