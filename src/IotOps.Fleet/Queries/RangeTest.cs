using System.Text.Json;

namespace IotOps.Fleet.Queries;

/// <summary>From one value to another; numbers by value, other texts in the order of their characters, without case.</summary>
internal sealed class RangeTest : ValueTest
{
    private readonly RangeEnd? _from;
    private readonly RangeEnd? _to;
    private readonly bool _isComparison;

    public RangeTest(RangeEnd? from, RangeEnd? to)
    {
        _from = from;
        _to = to;
        _isComparison = from is null || to is null;
    }

    public override bool HasOperator => _isComparison;

    public override string Text
    {
        get
        {
            if (!_isComparison)
            {
                return $"{(_from!.IsOpen ? '{' : '[')}{QueryText.Escape(_from.Value)} TO {QueryText.Escape(_to!.Value)}{(_to.IsOpen ? '}' : ']')}";
            }

            RangeEnd end = (_from ?? _to)!;
            return $"{(_from is null ? '<' : '>')}{(end.IsOpen ? "" : "=")}{QueryText.Escape(end.Value)}";
        }
    }

    /// <summary>Whether it ends before it begins.</summary>
    public bool IsReversed => _from is not null && _to is not null && _from.CompareTo(_to.Value) > 0;

    public override bool Takes(JsonElement value) =>
        QueryValues.Text(value) is { } text
        && (_from is null || IsBeyond(_from, text, 1))
        && (_to is null || IsBeyond(_to, text, -1));

    private static bool IsBeyond(RangeEnd end, string value, int direction) =>
        -end.CompareTo(value) is { } order && (order == 0 ? !end.IsOpen : Math.Sign(order) == direction);
}
