; Statements about packed words, in bit vectors: solc's SMTChecker makes every shift an operation over integers, which no
; solver sees through at 256 bits. Each `check-sat` asks for a counterexample; `unsat` says that there is none.
(set-logic QF_BV)
(define-sort Word () (_ BitVec 256))
(declare-const word Word)
(declare-const added Word)
(declare-const deposit (_ BitVec 96))
(declare-const claimed (_ BitVec 96))
(declare-const closesAt (_ BitVec 40))
(declare-const challenge (_ BitVec 24))

; restates ChannelWord.sol: channel.deposit = uint96(word);
; restates ChannelWord.sol: return uint96(word);
(define-fun depositOf ((w Word)) (_ BitVec 96) ((_ extract 95 0) w))
; restates ChannelWord.sol: channel.claimed = uint96(word >> 96);
; restates ChannelWord.sol: return uint96(word >> 96);
(define-fun claimedOf ((w Word)) (_ BitVec 96) ((_ extract 95 0) (bvlshr w (_ bv96 256))))
; restates ChannelWord.sol: channel.closesAt = uint40(word >> 192);
; restates ChannelWord.sol: return uint40(word >> 192) == CLOSED;
(define-fun closesAtOf ((w Word)) (_ BitVec 40) ((_ extract 39 0) (bvlshr w (_ bv192 256))))
; restates ChannelWord.sol: channel.challenge = uint24(word >> 232);
(define-fun challengeOf ((w Word)) (_ BitVec 24) ((_ extract 23 0) (bvlshr w (_ bv232 256))))

; restates ChannelWord.sol: uint256(channel.deposit) | (uint256(channel.claimed) << 96) | (uint256(channel.closesAt) << 192) | (uint256(channel.challenge) << 232);
(define-fun pack ((d (_ BitVec 96)) (c (_ BitVec 96)) (t (_ BitVec 40)) (s (_ BitVec 24))) Word
  (bvor ((_ zero_extend 160) d)
    (bvor (bvshl ((_ zero_extend 160) c) (_ bv96 256))
      (bvor (bvshl ((_ zero_extend 216) t) (_ bv192 256)) (bvshl ((_ zero_extend 232) s) (_ bv232 256))))))

; restates ChannelWord.sol: return uint256(deposit) | (uint256(challenge) << 232);
(define-fun opened ((d (_ BitVec 96)) (s (_ BitVec 24))) Word
  (bvor ((_ zero_extend 160) d) (bvshl ((_ zero_extend 232) s) (_ bv232 256))))

; restates ChannelWord.sol: return word + (added << 96);
(define-fun addClaimed ((w Word) (a Word)) Word (bvadd w (bvshl a (_ bv96 256))))

(push)
(echo "what is packed is what is unpacked")
(define-fun packed () Word (pack deposit claimed closesAt challenge))
(assert (not (and (= (depositOf packed) deposit) (= (claimedOf packed) claimed)
  (= (closesAtOf packed) closesAt) (= (challengeOf packed) challenge))))
(check-sat)
(pop)

(push)
(echo "what is unpacked and packed again is the same word")
(assert (not (= word (pack (depositOf word) (claimedOf word) (closesAtOf word) (challengeOf word)))))
(check-sat)
(pop)

(push)
(echo "an opened channel has its deposit, nothing claimed and no end, and its word is not zero")
(assert (distinct deposit (_ bv0 96)))
(define-fun fresh () Word (opened deposit challenge))
(assert (not (and (distinct fresh (_ bv0 256)) (= (depositOf fresh) deposit) (= (claimedOf fresh) (_ bv0 96))
  (= (closesAtOf fresh) (_ bv0 40)) (= (challengeOf fresh) challenge))))
(check-sat)
(pop)

(push)
(echo "a batched claim within the deposit changes the claimed total and nothing beside it")
(assert (bvule (claimedOf word) (depositOf word)))
(assert (bvule added ((_ zero_extend 160) (bvsub (depositOf word) (claimedOf word)))))
(define-fun raised () Word (addClaimed word added))
(assert (not (and (= (depositOf raised) (depositOf word)) (= (closesAtOf raised) (closesAtOf word))
  (= (challengeOf raised) (challengeOf word))
  (= ((_ zero_extend 160) (claimedOf raised)) (bvadd ((_ zero_extend 160) (claimedOf word)) added)))))
(check-sat)
(pop)

(push)
(echo "the four fields of a packed promise share no bit and leave none out")
; restates PackedPromise.sol: return uint96(PackedPromise.unwrap(self));
; restates PackedPromise.sol: return uint96(PackedPromise.unwrap(self) >> 96);
; restates PackedPromise.sol: return uint32(PackedPromise.unwrap(self) >> 192);
; restates PackedPromise.sol: return uint32(PackedPromise.unwrap(self) >> 224);
(assert (not (= word (concat ((_ extract 31 0) (bvlshr word (_ bv224 256))) ((_ extract 31 0) (bvlshr word (_ bv192 256)))
  ((_ extract 95 0) (bvlshr word (_ bv96 256))) ((_ extract 95 0) word)))))
(check-sat)
(pop)
