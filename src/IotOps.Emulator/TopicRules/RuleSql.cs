using System.Globalization;
using IotOps.Emulator.Http;
using IotOps.Emulator.Mqtt.Topics;

namespace IotOps.Emulator.TopicRules;

/// <summary>Reads a rule's SQL: <c>SELECT columns FROM 'filter' [WHERE condition]</c>.</summary>
internal sealed class RuleSql
{
    // A condition nested deeper than this is refused before it could exhaust the stack.
    private const int MaxDepth = 50;

    private readonly RuleTokens _tokens;
    private int _depth;

    private RuleSql(string sql) => _tokens = new RuleTokens(sql);

    /// <exception cref="Refusal">It cannot be read, or has a function that is not here.</exception>
    public static RuleStatement Read(string sql) => new RuleSql(sql).Statement();

    private RuleStatement Statement()
    {
        if (!_tokens.TryWord("SELECT"))
        {
            throw _tokens.Unexpected("SELECT");
        }

        List<RuleColumn> columns = [];
        do
        {
            columns.Add(Column());
        }
        while (_tokens.TrySign(","));

        if (!_tokens.TryWord("FROM"))
        {
            throw _tokens.Unexpected("FROM");
        }

        string filter = _tokens.Expect('t', "a topic filter in single quotes");
        if (!TopicFilter.IsValid(filter))
        {
            throw RuleTokens.Unparsable($"'{filter}' is not a topic filter.");
        }

        RuleExpression? condition = _tokens.TryWord("WHERE") ? Or() : null;
        return _tokens.Current.Text.Length == 0 ? new RuleStatement(columns, filter, condition) : throw _tokens.Unexpected("the end");
    }

    private RuleColumn Column()
    {
        if (_tokens.TrySign("*"))
        {
            return new RuleColumn("*", null);
        }

        RuleExpression expression = Value();
        if (_tokens.TryWord("AS"))
        {
            return new RuleColumn(_tokens.Expect('w', "a name"), expression);
        }

        // What AWS calls a function's value without AS is not documented.
        return expression is RuleExpression.Member member
            ? new RuleColumn(member.Path[^1], expression)
            : throw Refusal.NotImplemented("The emulator's rules need AS and a name for every column that is not a member of the message.");
    }

    private RuleExpression Or()
    {
        RuleExpression left = And();
        while (_tokens.TryWord("OR"))
        {
            left = new RuleExpression.Or(left, And());
        }

        return left;
    }

    private RuleExpression And()
    {
        RuleExpression left = Negation();
        while (_tokens.TryWord("AND"))
        {
            left = new RuleExpression.And(left, Negation());
        }

        return left;
    }

    private RuleExpression Negation()
    {
        if (++_depth > MaxDepth)
        {
            throw RuleTokens.Unparsable($"The condition is nested more than {MaxDepth} deep.");
        }

        RuleExpression expression = _tokens.TryWord("NOT") ? new RuleExpression.Not(Negation()) : Condition();
        _depth--;
        return expression;
    }

    private RuleExpression Condition()
    {
        if (_tokens.TrySign("("))
        {
            RuleExpression inner = Or();
            _tokens.Expect(")");
            return inner;
        }

        RuleExpression left = Value();
        foreach (string sign in (ReadOnlySpan<string>)["=", "<>", "<=", ">=", "<", ">"])
        {
            if (_tokens.TrySign(sign))
            {
                return new RuleExpression.Comparison(left, sign, Value());
            }
        }

        return left;
    }

    private RuleExpression Value()
    {
        bool isNegative = _tokens.TrySign("-");
        (char kind, string text) = _tokens.Current;
        if (kind == 'n' && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            _tokens.Skip();
            return new RuleExpression.Literal(RuleValue.Of(isNegative ? -number : number));
        }

        if (isNegative || kind is 's' or 'n')
        {
            throw _tokens.Unexpected("a value");
        }

        _tokens.Skip();
        return kind == 't' ? new RuleExpression.Literal(RuleValue.Of(text))
            : _tokens.TrySign("(") ? RuleFunctions.Make(text.ToLowerInvariant(), Arguments())
            : text is "true" or "false" ? new RuleExpression.Literal(RuleValue.Of(text == "true"))
            : new RuleExpression.Member(text.Split('.'));
    }

    private List<RuleExpression?> Arguments()
    {
        List<RuleExpression?> arguments = [];
        if (_tokens.TrySign(")"))
        {
            return arguments;
        }

        if (++_depth > MaxDepth)
        {
            throw RuleTokens.Unparsable($"The SQL is nested more than {MaxDepth} deep.");
        }

        do
        {
            arguments.Add(_tokens.TrySign("*") ? null : Value());
        }
        while (_tokens.TrySign(","));
        _tokens.Expect(")");
        _depth--;
        return arguments;
    }
}
